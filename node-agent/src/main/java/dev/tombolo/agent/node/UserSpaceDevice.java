package dev.tombolo.agent.node;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** WireGuard in user space, by its configuration socket. */
public final class UserSpaceDevice implements TunnelDevice {
    private static final NodeId UNNAMED = new NodeId(new ClusterName("unknown"), "");
    private final Path socket;

    private record Peer(TunnelPeer peer, Traffic traffic) {}

    private record State(String privateKey, int port, Map<WireGuardKey, Peer> peers) {}

    public UserSpaceDevice(String device) {
        this.socket = Path.of("/var/run/wireguard", device + ".sock");
    }

    @Override
    public String backend() {
        return "user space";
    }

    @Override
    public void configure(byte[] privateKey, WireGuardKey publicKey, int port) throws IOException {
        String hex = HexFormat.of().formatHex(privateKey);
        var state = state();
        if (!state.privateKey().equals(hex)) {
            set("private_key=" + hex + "\n");
        }
        if (state.port() != port) {
            set("listen_port=" + port + "\n");
        }
    }

    @Override
    public Map<WireGuardKey, TunnelPeer> peers() throws IOException {
        var peers = new HashMap<WireGuardKey, TunnelPeer>();
        state().peers().forEach((key, peer) -> peers.put(key, peer.peer()));
        return peers;
    }

    @Override
    public void put(WireGuardKey key, TunnelPeer peer) throws IOException {
        var before = Optional.ofNullable(state().peers().get(key)).map(Peer::peer);
        var request = new StringBuilder("public_key=" + hex(key) + "\nendpoint=" + peer.endpoint() + "\n");
        peer.allowed().forEach(prefix -> request.append("allowed_ip=").append(prefix).append('\n'));
        set(request.toString());
        var gone = new TreeSet<>(before.map(TunnelPeer::allowed).orElse(java.util.Set.of()));
        gone.removeAll(peer.allowed());
        if (!gone.isEmpty()) {
            withdraw(key, peer, gone);
        }
    }

    /** A leading minus takes one prefix away (2024 and newer); older versions refuse it and get the whole list. */
    private void withdraw(WireGuardKey key, TunnelPeer peer, TreeSet<Prefix> gone) throws IOException {
        var minus = new StringBuilder("public_key=" + hex(key) + "\n");
        gone.forEach(prefix -> minus.append("allowed_ip=-").append(prefix).append('\n'));
        try {
            set(minus.toString());
        } catch (IOException unknownToIt) {
            var whole = new StringBuilder("public_key=" + hex(key) + "\nreplace_allowed_ips=true\n");
            peer.allowed().forEach(prefix -> whole.append("allowed_ip=").append(prefix).append('\n'));
            set(whole.toString());
        }
    }

    @Override
    public void remove(WireGuardKey key) throws IOException {
        set("public_key=" + hex(key) + "\nremove=true\n");
    }

    @Override
    public Map<WireGuardKey, Traffic> traffic() throws IOException {
        var traffic = new HashMap<WireGuardKey, Traffic>();
        state().peers().forEach((key, peer) -> traffic.put(key, peer.traffic()));
        return traffic;
    }

    private static String hex(WireGuardKey key) {
        return HexFormat.of().formatHex(key.bytes());
    }

    private void set(String request) throws IOException {
        ask("set=1\n" + request + "\n");
    }

    private State state() throws IOException {
        String privateKey = "";
        int port = 0;
        var peers = new LinkedHashMap<WireGuardKey, Map<String, String>>();
        var allowed = new HashMap<WireGuardKey, TreeSet<Prefix>>();
        WireGuardKey current = null;
        for (String line : ask("get=1\n\n").lines().toList()) {
            int equals = line.indexOf('=');
            String name = equals < 0 ? line : line.substring(0, equals);
            String value = line.substring(equals + 1);
            switch (name) {
                case "private_key" -> privateKey = value;
                case "listen_port" -> port = Integer.parseInt(value);
                case "public_key" -> {
                    current = WireGuardKey.of(HexFormat.of().parseHex(value));
                    peers.put(current, new HashMap<>());
                    allowed.put(current, new TreeSet<>());
                }
                case "allowed_ip" -> allowed.get(current).add(Prefix.parse(value));
                default -> {
                    if (current != null) {
                        peers.get(current).put(name, value);
                    }
                }
            }
        }
        var read = new HashMap<WireGuardKey, Peer>();
        peers.forEach((key, values) -> read.put(key, peer(values, allowed.get(key))));
        return new State(privateKey, port, read);
    }

    private static Peer peer(Map<String, String> values, TreeSet<Prefix> allowed) {
        var endpoint = SocketEndpoint.parse(values.getOrDefault("endpoint", "0.0.0.0:0"));
        long handshake = Long.parseLong(values.getOrDefault("last_handshake_time_sec", "0"));
        var traffic = new Traffic(
                handshake == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(handshake)),
                Long.parseLong(values.getOrDefault("rx_bytes", "0")),
                Long.parseLong(values.getOrDefault("tx_bytes", "0")));
        return new Peer(new TunnelPeer(UNNAMED, endpoint, allowed), traffic);
    }

    private String ask(String request) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            var answer = new StringBuilder();
            var reader = new java.io.BufferedReader(Channels.newReader(channel, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                answer.append(line).append('\n');
                if (line.startsWith("errno=") && !line.equals("errno=0")) {
                    throw new IOException("WireGuard refused: " + line);
                }
            }
            return answer.toString();
        } catch (java.net.SocketException | java.nio.file.NoSuchFileException absent) {
            throw new IOException("nothing answers at " + socket + "; does the container wireguard run?", absent);
        }
    }
}
