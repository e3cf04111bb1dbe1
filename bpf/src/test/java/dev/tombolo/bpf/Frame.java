package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An Ethernet frame as text and back: {@code udp 192.0.2.1:4000 > 198.51.100.9:53 ttl=3}, {@code ping 192.0.2.1:7 >
 * 198.51.100.9} with the id as port, {@code icmp 192.0.2.1 > 198.51.100.9 type=3 code=4 [ udp … ]}. The text of a frame
 * says where a checksum is wrong.
 */
final class Frame {
    static final int L3 = 14;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("tcp", TCP, "udp", UDP, "ping", ICMP, "pong", ICMP, "icmp", ICMP, "sctp", 132);

    private Frame() {}

    static byte[] of(String text) {
        byte[] packet = packet(text);
        return ByteBuffer.allocate(L3 + packet.length)
                .put(12, new byte[] {8, 0})
                .put(L3, packet)
                .array();
    }

    private static byte[] packet(String text) {
        int quote = text.indexOf('[');
        String[] words = (quote < 0 ? text : text.substring(0, quote)).trim().split("\\s+");
        var attributes = new HashMap<String, Integer>();
        for (String word : List.of(words).subList(4, words.length)) {
            String[] pair = word.split("=");
            attributes.put(pair[0], pair.length == 1 ? 1 : Integer.parseInt(pair[1]));
        }
        byte[] quoted = quote < 0 ? new byte[0] : packet(text.substring(quote + 1, text.lastIndexOf(']')));
        byte[] transport = attributes.containsKey("frag")
                ? new byte[attributes.getOrDefault("len", 8)]
                : transport(words[0], port(words[1]), port(words[3]), attributes, quoted);
        int header = attributes.containsKey("options") ? 24 : 20;
        var ip = ByteBuffer.allocate(header + transport.length);
        ip.put(0, (byte) (0x40 | header / 4)).putShort(2, (short) ip.capacity());
        ip.putShort(4, (short) (int) attributes.getOrDefault("id", 0));
        ip.putShort(6, (short) ((attributes.containsKey("df") ? 0x4000 : 0)
                | (attributes.containsKey("mf") ? 0x2000 : 0)
                | attributes.getOrDefault("frag", 0)));
        ip.put(8, (byte) (int) attributes.getOrDefault("ttl", 64)).put(9, (byte) (int) PROTOCOLS.get(words[0]));
        ip.putInt(12, host(words[1])).putInt(16, host(words[3])).put(header, transport);
        ip.putShort(10, (short) checksum(ip.slice(0, header), 0));
        if (!attributes.containsKey("frag")) {
            putTransportChecksum(ip, header, attributes.containsKey("nocsum"));
        }
        return ip.array();
    }

    private static byte[] transport(String kind, int from, int to, Map<String, Integer> attributes, byte[] quoted) {
        int length = attributes.getOrDefault("len", 0);
        return switch (kind) {
            case "udp" ->
                ByteBuffer.allocate(8 + length)
                        .putShort((short) from)
                        .putShort((short) to)
                        .putShort((short) (8 + length))
                        .array();
            case "tcp" -> {
                int header = attributes.containsKey("mss") ? 28 : 20;
                var tcp = ByteBuffer.allocate(header + length).putShort((short) from);
                tcp.putShort((short) to).put(12, (byte) (header / 4 << 4));
                tcp.put(13, (byte) (int) attributes.getOrDefault("flags", 0x10));
                if (header > 20) {
                    // The option stands at an odd place.
                    tcp.put(20, (byte) 1).put(21, (byte) 2).put(22, (byte) 4);
                    tcp.putShort(23, (short) (int) attributes.get("mss"));
                }
                yield tcp.array();
            }
            case "icmp" ->
                ByteBuffer.allocate(8 + Math.min(quoted.length, 28))
                        .put((byte) (int) attributes.get("type"))
                        .put((byte) (int) attributes.getOrDefault("code", 0))
                        .put(8, quoted, 0, Math.min(quoted.length, 28))
                        .array();
            case "ping", "pong" ->
                ByteBuffer.allocate(8 + length)
                        .put((byte) (kind.equals("ping") ? 8 : 0))
                        .putShort(4, (short) (kind.equals("ping") ? from : to))
                        .array();
            default -> new byte[8 + length];
        };
    }

    private static void putTransportChecksum(ByteBuffer ip, int header, boolean none) {
        int protocol = ip.get(9);
        int at = checksumAt(protocol);
        if (at >= 0 && !none) {
            ip.putShort(header + at, (short) transportChecksum(ip, header));
        }
    }

    private static int checksumAt(int protocol) {
        return switch (protocol) {
            case TCP -> 16;
            case UDP -> 6;
            case ICMP -> 2;
            default -> -1;
        };
    }

    private static int transportChecksum(ByteBuffer ip, int header) {
        int length = ip.capacity() - header;
        int pseudo = 0;
        if (ip.get(9) != ICMP) {
            for (int at = 12; at < 20; at += 2) {
                pseudo += ip.getShort(at) & 0xFFFF;
            }
            pseudo += ip.get(9) + length;
        }
        return checksum(ip.slice(header, length), pseudo);
    }

    private static int checksum(ByteBuffer bytes, int start) {
        long sum = start;
        for (int at = 0; at < bytes.capacity(); at++) {
            sum += (long) (bytes.get(at) & 0xFF) << (at % 2 == 0 ? 8 : 0);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (int) ~sum & 0xFFFF;
    }

    static String text(byte[] frame) {
        return describe(ByteBuffer.wrap(frame).slice(L3, frame.length - L3), false);
    }

    private static String describe(ByteBuffer ip, boolean quoted) {
        int header = (ip.get(0) & 0xF) * 4;
        int fragment = ip.getShort(6) & 0x1FFF;
        int type = ip.get(header) & 0xFF;
        String kind = PROTOCOLS.entrySet().stream()
                .filter(entry -> entry.getValue() == ip.get(9))
                .map(Map.Entry::getKey)
                .filter(name -> ip.get(9) != ICMP || name.equals(type == 8 ? "ping" : type == 0 ? "pong" : "icmp"))
                .findFirst()
                .orElseThrow();
        boolean ports = fragment == 0 && !kind.equals("icmp");
        var text = new StringBuilder(kind).append(' ').append(IpAddress.v4(ip.getInt(12)));
        text.append(ports && !kind.equals("pong") ? ":" + number(ip, header + (kind.equals("ping") ? 4 : 0)) : "");
        text.append(" > ").append(IpAddress.v4(ip.getInt(16)));
        text.append(ports && !kind.equals("ping") ? ":" + number(ip, header + (kind.equals("pong") ? 4 : 2)) : "");
        text.append(fragment == 0 ? "" : " frag=" + fragment);
        text.append(quoted || ip.get(8) == 64 ? "" : " ttl=" + ip.get(8));
        if (kind.equals("tcp") && !quoted && ip.get(header + 12) >> 4 == 7) {
            text.append(" mss=").append(number(ip, header + 23));
        }
        text.append(checksum(ip.slice(0, header), 0) == 0 ? "" : " BAD HEADER CHECKSUM");
        if (fragment == 0 && !quoted && checksumAt(ip.get(9)) >= 0 && (ip.getShort(6) & 0x2000) == 0) {
            boolean none = ip.get(9) == UDP && ip.getShort(header + 6) == 0;
            text.append(none ? " nocsum" : transportChecksum(ip, header) == 0 ? "" : " BAD CHECKSUM");
        }
        if (kind.equals("icmp") && fragment == 0) {
            int inner = header + 8;
            text.append(" type=").append(type).append(" [ ");
            text.append(describe(ip.slice(inner, ip.capacity() - inner), true)).append(" ]");
        }
        return text.toString();
    }

    private static int number(ByteBuffer ip, int at) {
        return ip.getShort(at) & 0xFFFF;
    }

    private static int host(String place) {
        return IpAddress.parse(place.split(":")[0]).v4Bits();
    }

    private static int port(String place) {
        return place.contains(":") ? Integer.parseInt(place.split(":")[1]) : 0;
    }
}
