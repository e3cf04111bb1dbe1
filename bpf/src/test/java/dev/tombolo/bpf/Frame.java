package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An Ethernet frame as text and back: {@code udp 192.0.2.1:4000 > 198.51.100.9:53 ttl=3}, {@code ping 192.0.2.1:7 >
 * 198.51.100.9} with the id as port, {@code icmp 192.0.2.1 > 198.51.100.9 type=3 code=4 [ udp … ]}. After an IPv6
 * address the port stands behind a {@code #}. The text of a frame says where a checksum is wrong.
 */
final class Frame {
    static final int L3 = 14;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP6 = 58;
    private static final int HOP_BY_HOP = 0;
    private static final int FRAGMENT = 44;
    private static final Map<String, Integer> PROTOCOLS =
            Map.of("tcp", TCP, "udp", UDP, "ping", ICMP, "pong", ICMP, "icmp", ICMP, "sctp", 132);

    private Frame() {}

    static byte[] of(String text) {
        byte[] packet = packet(text);
        return ByteBuffer.allocate(L3 + packet.length)
                .putShort(12, (short) (packet[0] >> 4 == 4 ? 0x0800 : 0x86DD))
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
        boolean v4 = host(words[1]).isV4();
        byte[] transport = attributes.containsKey("frag")
                ? new byte[attributes.getOrDefault("len", 8)]
                : transport(words[0], v4, port(words[1]), port(words[3]), attributes, quoted);
        byte[] header =
                v4 ? header4(words, attributes, transport.length) : header6(words, attributes, transport.length);
        var ip = ByteBuffer.allocate(header.length + transport.length);
        ip.put(header).put(transport);
        int at = checksumAt(protocol(ip));
        if (at >= 0 && !attributes.containsKey("frag") && !attributes.containsKey("nocsum")) {
            ip.putShort(header.length + at, (short) transportChecksum(ip));
        }
        return ip.array();
    }

    private static byte[] header4(String[] words, Map<String, Integer> attributes, int payload) {
        int size = attributes.containsKey("options") ? 24 : 20;
        var ip = ByteBuffer.allocate(size);
        ip.put(0, (byte) (0x40 | size / 4)).putShort(2, (short) (size + payload));
        ip.putShort(4, (short) (int) attributes.getOrDefault("id", 0));
        ip.putShort(6, (short) ((attributes.containsKey("df") ? 0x4000 : 0)
                | (attributes.containsKey("mf") ? 0x2000 : 0)
                | attributes.getOrDefault("frag", 0)));
        ip.put(8, (byte) (int) attributes.getOrDefault("ttl", 64)).put(9, (byte) (int) PROTOCOLS.get(words[0]));
        ip.putInt(12, host(words[1]).v4Bits()).putInt(16, host(words[3]).v4Bits());
        return ip.putShort(10, (short) checksum(ip, 0)).array();
    }

    private static byte[] header6(String[] words, Map<String, Integer> attributes, int payload) {
        boolean cut = attributes.containsKey("mf") || attributes.containsKey("frag");
        boolean options = attributes.containsKey("options");
        int protocol = PROTOCOLS.get(words[0]) == ICMP ? ICMP6 : PROTOCOLS.get(words[0]);
        int inner = cut ? FRAGMENT : protocol;
        var ip = ByteBuffer.allocate(40 + (options ? 8 : 0) + (cut ? 8 : 0)).put(0, (byte) 0x60);
        ip.putShort(4, (short) (ip.capacity() - 40 + payload)).put(6, (byte) (options ? HOP_BY_HOP : inner));
        ip.put(7, (byte) (int) attributes.getOrDefault("ttl", 64));
        ip.put(8, host(words[1]).bytes16()).put(24, host(words[3]).bytes16());
        if (options) {
            ip.put(40, (byte) inner).put(42, (byte) 1).put(43, (byte) 4);
        }
        if (cut) {
            int at = ip.capacity() - 8;
            ip.put(at, (byte) protocol).putInt(at + 4, attributes.getOrDefault("id", 0));
            ip.putShort(
                    at + 2, (short) (attributes.getOrDefault("frag", 0) << 3 | (attributes.containsKey("mf") ? 1 : 0)));
        }
        return ip.array();
    }

    private static byte[] transport(
            String kind, boolean v4, int from, int to, Map<String, Integer> attributes, byte[] quoted) {
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
                tcp.putInt(4, attributes.getOrDefault("seq", 0)).putInt(8, attributes.getOrDefault("ack", 0));
                if (header > 20) {
                    // The option stands at an odd place.
                    tcp.put(20, (byte) 1).put(21, (byte) 2).put(22, (byte) 4);
                    tcp.putShort(23, (short) (int) attributes.get("mss"));
                }
                yield tcp.array();
            }
            case "icmp" ->
                ByteBuffer.allocate(8 + Math.min(quoted.length, v4 ? 28 : 48))
                        .put((byte) (int) attributes.get("type"))
                        .put((byte) (int) attributes.getOrDefault("code", 0))
                        .put(8, quoted, 0, Math.min(quoted.length, v4 ? 28 : 48))
                        .array();
            case "ping", "pong" ->
                ByteBuffer.allocate(8 + length)
                        .put((byte) (v4 ? kind.equals("ping") ? 8 : 0 : kind.equals("ping") ? 128 : 129))
                        .putShort(4, (short) (kind.equals("ping") ? from : to))
                        .array();
            default -> new byte[8 + length];
        };
    }

    private static int checksumAt(int protocol) {
        return switch (protocol) {
            case TCP -> 16;
            case UDP -> 6;
            case ICMP, ICMP6 -> 2;
            default -> -1;
        };
    }

    private static boolean isV4(ByteBuffer ip) {
        return ip.get(0) >> 4 == 4;
    }

    /** Behind options, which are of 8 bytes here. */
    private static int fragmentAt(ByteBuffer ip) {
        return ip.get(6) == HOP_BY_HOP ? 48 : 40;
    }

    private static boolean isCut(ByteBuffer ip) {
        return !isV4(ip) && ip.get(ip.get(6) == HOP_BY_HOP ? 40 : 6) == FRAGMENT;
    }

    private static int protocol(ByteBuffer ip) {
        if (isV4(ip)) {
            return ip.get(9) & 0xFF;
        }
        int next = isCut(ip) ? fragmentAt(ip) : ip.get(6) == HOP_BY_HOP ? 40 : 6;
        return ip.get(next) & 0xFF;
    }

    private static int headerSize(ByteBuffer ip) {
        return isV4(ip) ? (ip.get(0) & 0xF) * 4 : fragmentAt(ip) + (isCut(ip) ? 8 : 0);
    }

    private static int transportChecksum(ByteBuffer ip) {
        int header = headerSize(ip);
        int length = ip.capacity() - header;
        int pseudo = 0;
        if (protocol(ip) != ICMP) {
            for (int at = isV4(ip) ? 12 : 8; at < (isV4(ip) ? 20 : 40); at += 2) {
                pseudo += ip.getShort(at) & 0xFFFF;
            }
            pseudo += protocol(ip) + length;
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

    /** What an error of a packet too big says that would not be. */
    static int toldSize(byte[] frame) {
        var ip = ByteBuffer.wrap(frame).slice(L3, frame.length - L3);
        return ip.getInt(headerSize(ip) + 4);
    }

    private static String describe(ByteBuffer ip, boolean quoted) {
        int header = headerSize(ip);
        int fragment =
                isV4(ip) ? ip.getShort(6) & 0x1FFF : isCut(ip) ? (ip.getShort(fragmentAt(ip) + 2) & 0xFFFF) >> 3 : 0;
        String kind = kind(ip);
        boolean ports = fragment == 0 && !kind.equals("icmp");
        String mark = isV4(ip) ? ":" : "#";
        var text = new StringBuilder(kind).append(' ').append(end(ip, true));
        text.append(ports && !kind.equals("pong") ? mark + number(ip, header + (kind.equals("ping") ? 4 : 0)) : "");
        text.append(" > ").append(end(ip, false));
        text.append(ports && !kind.equals("ping") ? mark + number(ip, header + (kind.equals("pong") ? 4 : 2)) : "");
        int ttl = ip.get(isV4(ip) ? 8 : 7);
        text.append(fragment == 0 ? "" : " frag=" + fragment).append(quoted || ttl == 64 ? "" : " ttl=" + ttl);
        if (kind.equals("tcp") && !quoted && ip.get(header + 12) >> 4 == 7) {
            text.append(" mss=").append(number(ip, header + 23));
        }
        if (!quoted && fragment == 0) {
            text.append(checksums(ip));
        }
        if (kind.equals("icmp") && fragment == 0) {
            int inner = header + 8;
            text.append(" type=").append(ip.get(header) & 0xFF).append(" [ ");
            text.append(describe(ip.slice(inner, ip.capacity() - inner), true)).append(" ]");
        }
        return text.append(isV4(ip) && checksum(ip.slice(0, header), 0) != 0 ? " BAD HEADER CHECKSUM" : "")
                .toString();
    }

    private static String kind(ByteBuffer ip) {
        int type = ip.get(headerSize(ip)) & 0xFF;
        return switch (protocol(ip)) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMP -> type == 8 ? "ping" : type == 0 ? "pong" : "icmp";
            case ICMP6 -> type == 128 ? "ping" : type == 129 ? "pong" : "icmp";
            default -> "sctp";
        };
    }

    private static IpAddress end(ByteBuffer ip, boolean source) {
        byte[] bytes = new byte[isV4(ip) ? 4 : 16];
        ip.get(isV4(ip) ? source ? 12 : 16 : source ? 8 : 24, bytes);
        return IpAddress.of(bytes);
    }

    /** That of a whole packet; of a first fragment it cannot be told. */
    private static String checksums(ByteBuffer ip) {
        int at = checksumAt(protocol(ip));
        if (at < 0 || isCut(ip) || isV4(ip) && (ip.getShort(6) & 0x2000) != 0) {
            return "";
        }
        if (protocol(ip) == UDP && ip.getShort(headerSize(ip) + at) == 0) {
            return " nocsum";
        }
        return transportChecksum(ip) == 0 ? "" : " BAD CHECKSUM";
    }

    private static int number(ByteBuffer ip, int at) {
        return ip.getShort(at) & 0xFFFF;
    }

    private static IpAddress host(String place) {
        return IpAddress.parse(place.split(place.contains(".") ? ":" : "#")[0]);
    }

    private static int port(String place) {
        int at = place.indexOf(place.contains(".") ? ':' : '#');
        return at < 0 ? 0 : Integer.parseInt(place.substring(at + 1));
    }
}
