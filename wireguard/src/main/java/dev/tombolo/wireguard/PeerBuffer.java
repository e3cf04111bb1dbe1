package dev.tombolo.wireguard;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Peers and states in the flat form that wireguard_jni.c reads and writes. */
final class PeerBuffer {
    private static final int PEER_BYTES = 64;
    private static final int ALLOWED_IP_BYTES = 20;
    private static final int REMOVE = 1;
    private static final int UPDATE_KEEPALIVE = 2;
    private static final int V4 = 2;
    private static final int V6 = 10;

    private PeerBuffer() {}

    static ByteBuffer change(PeerDelta delta) {
        int flags = delta.keepalive().isPresent() ? UPDATE_KEEPALIVE : 0;
        int keepalive =
                (int) delta.keepalive().map(Duration::toSeconds).orElse(0L).longValue();
        return peer(delta.publicKey(), flags, delta.endpoint(), keepalive, delta.added());
    }

    static ByteBuffer removal(WireGuardKey publicKey) {
        return peer(publicKey, REMOVE, Optional.empty(), 0, Set.of());
    }

    private static ByteBuffer peer(
            WireGuardKey key, int flags, Optional<SocketEndpoint> endpoint, int keepalive, Set<Prefix> allowedIps) {
        var buffer = direct(PEER_BYTES + allowedIps.size() * ALLOWED_IP_BYTES);
        buffer.put(key.bytes()).putInt(flags);
        buffer.putShort(
                (short) endpoint.map(to -> family(to.address())).orElse(0).intValue());
        buffer.putShort((short) endpoint.map(SocketEndpoint::port).orElse(0).intValue());
        buffer.put(endpoint.map(to -> padded(to.address())).orElseGet(() -> new byte[16]));
        buffer.putInt(keepalive).putInt(allowedIps.size());
        for (var range : allowedIps) {
            buffer.putShort((short) family(range.address())).putShort((short) range.length());
            buffer.put(padded(range.address()));
        }
        return buffer;
    }

    static ByteBuffer direct(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    static DeviceState state(ByteBuffer buffer) {
        boolean hasKey = buffer.getInt() != 0;
        var publicKey = key(buffer);
        int port = buffer.getInt();
        int count = buffer.getInt();
        Map<WireGuardKey, PeerState> peers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            var peer = peerState(buffer);
            peers.put(peer.peer().publicKey(), peer);
        }
        return new DeviceState(hasKey ? Optional.of(publicKey) : Optional.empty(), port, peers);
    }

    private static PeerState peerState(ByteBuffer buffer) {
        var key = key(buffer);
        buffer.getInt();
        int family = buffer.getShort();
        int port = Short.toUnsignedInt(buffer.getShort());
        var address = address(buffer, family);
        var keepalive = Duration.ofSeconds(buffer.getInt());
        int count = buffer.getInt();
        var handshake = Instant.ofEpochSecond(buffer.getLong(), buffer.getLong());
        long rx = buffer.getLong();
        long tx = buffer.getLong();
        var allowedIps = new HashSet<Prefix>();
        for (int i = 0; i < count; i++) {
            int rangeFamily = buffer.getShort();
            int length = Short.toUnsignedInt(buffer.getShort());
            address(buffer, rangeFamily).ifPresent(start -> allowedIps.add(new Prefix(start, length)));
        }
        var endpoint = address.map(from -> new SocketEndpoint(from, port));
        return new PeerState(
                new WireGuardPeer(key, endpoint, allowedIps, keepalive),
                Optional.of(handshake).filter(at -> !at.equals(Instant.EPOCH)),
                rx,
                tx);
    }

    private static WireGuardKey key(ByteBuffer buffer) {
        var bytes = new byte[32];
        buffer.get(bytes);
        return WireGuardKey.of(bytes);
    }

    private static Optional<IpAddress> address(ByteBuffer buffer, int family) {
        var bytes = new byte[16];
        buffer.get(bytes);
        return switch (family) {
            case V4 -> Optional.of(IpAddress.of(Arrays.copyOf(bytes, 4)));
            case V6 -> Optional.of(IpAddress.of(bytes));
            default -> Optional.empty();
        };
    }

    private static int family(IpAddress address) {
        return address.isV4() ? V4 : V6;
    }

    private static byte[] padded(IpAddress address) {
        return Arrays.copyOf(address.familyBytes(), 16);
    }
}
