package dev.tombolo.wireguard;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The text of the cross-platform user-space interface: {@code key=value} lines, keys in hex. */
final class UapiText {
    static final String GET = "get=1\n\n";
    private static final HexFormat HEX = HexFormat.of();

    private UapiText() {}

    static String configure(PrivateKey key, int port) {
        return "set=1\nprivate_key=" + HEX.formatHex(key.bytes()) + "\nlisten_port=" + port + "\n\n";
    }

    /** Peers are taken in order, so one request can park ranges and remove the peer that holds them. */
    static String change(PeerDelta delta) {
        var text = new StringBuilder("set=1\n");
        if (delta.touchesPeer()) {
            peer(text, delta);
        }
        if (!delta.removed().isEmpty()) {
            var parking = PeerDelta.parking(delta.removed());
            peer(text, parking);
            text.append(removalLines(parking.publicKey()));
        }
        return text.append('\n').toString();
    }

    static String removal(WireGuardKey key) {
        return "set=1\n" + removalLines(key) + "\n";
    }

    private static String removalLines(WireGuardKey key) {
        return "public_key=" + hex(key) + "\nremove=true\n";
    }

    private static void peer(StringBuilder text, PeerDelta delta) {
        text.append("public_key=").append(hex(delta.publicKey())).append('\n');
        delta.endpoint().ifPresent(to -> text.append("endpoint=").append(to).append('\n'));
        delta.keepalive()
                .ifPresent(every -> text.append("persistent_keepalive_interval=")
                        .append(every.toSeconds())
                        .append('\n'));
        delta.added().forEach(range -> text.append("allowed_ip=").append(range).append('\n'));
    }

    private static String hex(WireGuardKey key) {
        return HEX.formatHex(key.bytes());
    }

    /** The number after {@code errno=}; 0 is success. */
    static int errno(String answer) throws IOException {
        for (String line : answer.lines().toList()) {
            if (line.startsWith("errno=")) {
                return Math.abs(Integer.parseInt(line.substring("errno=".length())));
            }
        }
        throw new IOException("an answer of user-space WireGuard had no errno");
    }

    static DeviceState state(String answer) {
        Optional<WireGuardKey> publicKey = Optional.empty();
        int port = 0;
        Map<WireGuardKey, PeerState> peers = new HashMap<>();
        PeerLines peer = null;
        for (String line : answer.lines().filter(text -> text.contains("=")).toList()) {
            String key = line.substring(0, line.indexOf('='));
            String value = line.substring(key.length() + 1);
            switch (key) {
                case "private_key" ->
                    publicKey = Optional.of(PrivateKey.of(HEX.parseHex(value)).publicKey());
                case "listen_port" -> port = Integer.parseInt(value);
                case "public_key" -> {
                    add(peers, peer);
                    peer = new PeerLines(WireGuardKey.of(HEX.parseHex(value)));
                }
                default -> {
                    if (peer != null) {
                        peer.line(key, value);
                    }
                }
            }
        }
        add(peers, peer);
        return new DeviceState(publicKey, port, peers);
    }

    private static void add(Map<WireGuardKey, PeerState> peers, PeerLines peer) {
        if (peer != null) {
            peers.put(peer.key, peer.state());
        }
    }

    /** One peer, line by line; keys of newer versions are ignored. */
    private static final class PeerLines {
        private final WireGuardKey key;
        private final Set<Prefix> allowedIps = new HashSet<>();
        private Optional<SocketEndpoint> endpoint = Optional.empty();
        private Duration keepalive = Duration.ZERO;
        private long handshakeSeconds;
        private long handshakeNanos;
        private long rx;
        private long tx;

        PeerLines(WireGuardKey key) {
            this.key = key;
        }

        void line(String name, String value) {
            switch (name) {
                case "endpoint" -> endpoint = Optional.of(SocketEndpoint.parse(value));
                case "allowed_ip" -> allowedIps.add(Prefix.parse(value));
                case "persistent_keepalive_interval" -> keepalive = Duration.ofSeconds(Long.parseLong(value));
                case "last_handshake_time_sec" -> handshakeSeconds = Long.parseLong(value);
                case "last_handshake_time_nsec" -> handshakeNanos = Long.parseLong(value);
                case "rx_bytes" -> rx = Long.parseLong(value);
                case "tx_bytes" -> tx = Long.parseLong(value);
                default -> {}
            }
        }

        PeerState state() {
            var handshake = Optional.of(Instant.ofEpochSecond(handshakeSeconds, handshakeNanos))
                    .filter(at -> !at.equals(Instant.EPOCH));
            return new PeerState(new WireGuardPeer(key, endpoint, allowedIps, keepalive), handshake, rx, tx);
        }
    }
}
