package dev.tombolo.wireguard;

import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A device of the kernel's own WireGuard, through wireguard-tools' embeddable library. */
public final class KernelWireGuard implements WireGuardDevice {
    private static final int FIRST_GUESS = 64 * 1024;

    private final String netns;
    private final String name;

    /** {@code netns} is the path of the namespace that has the device; absent for this process's own. */
    public KernelWireGuard(Optional<Path> netns, String name) {
        this.netns = netns.map(Path::toString).orElse(null);
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    /** Makes the device; one that is there is success. */
    public void create() throws IOException {
        int result = LibWireGuard.addDevice(netns, name);
        if (result < 0 && read().isEmpty()) {
            throw new WireGuardException("adding", object(), -result);
        }
    }

    /** Deletes the device; an absent one is success. */
    public void delete() throws IOException {
        int result = LibWireGuard.deleteDevice(netns, name);
        if (result != -WireGuardException.ENODEV) {
            WireGuardException.check(result, "deleting", object());
        }
    }

    @Override
    public Optional<DeviceState> read() throws IOException {
        int capacity = FIRST_GUESS;
        while (true) {
            var buffer = PeerBuffer.direct(capacity);
            int size = LibWireGuard.readDevice(netns, name, buffer);
            if (isAbsence(size)) {
                return Optional.empty();
            }
            WireGuardException.check(size, "reading", object());
            if (size <= capacity) {
                return Optional.of(PeerBuffer.state(buffer.limit(size)));
            }
            // Peers may be added meanwhile: leave some room.
            capacity = size + FIRST_GUESS;
        }
    }

    /** No such device, a device of another kind, or a kernel without WireGuard. */
    private static boolean isAbsence(int result) {
        return result == -WireGuardException.ENODEV || result == -WireGuardException.EOPNOTSUPP || result == -93;
    }

    @Override
    public void configure(PrivateKey privateKey, int port) throws IOException {
        byte[] bytes = privateKey.bytes();
        ByteBuffer buffer = PeerBuffer.direct(bytes.length).put(bytes);
        try {
            WireGuardException.check(LibWireGuard.configure(netns, name, buffer, port), "configuring", object());
        } finally {
            Arrays.fill(bytes, (byte) 0);
            buffer.clear().put(bytes);
        }
    }

    @Override
    public synchronized void put(WireGuardPeer peer) throws IOException {
        var now = Optional.ofNullable(required().peers().get(peer.publicKey())).map(PeerState::peer);
        var delta = PeerDelta.between(now, peer);
        if (delta.touchesPeer()) {
            change(PeerBuffer.change(delta), "changing", peer.publicKey());
        }
        if (!delta.removed().isEmpty()) {
            var parking = PeerDelta.parking(delta.removed());
            change(PeerBuffer.change(parking), "parking ranges", peer.publicKey());
            remove(parking.publicKey());
        }
    }

    @Override
    public synchronized void remove(WireGuardKey publicKey) throws IOException {
        change(PeerBuffer.removal(publicKey), "removing", publicKey);
    }

    private DeviceState required() throws IOException {
        return read().orElseThrow(() -> new WireGuardException("reading", object(), WireGuardException.ENODEV));
    }

    private void change(ByteBuffer peer, String operation, WireGuardKey key) throws IOException {
        int result = LibWireGuard.setPeer(netns, name, peer);
        WireGuardException.check(result, operation, "peer " + key + " at " + object());
    }

    private String object() {
        return "WireGuard device " + name;
    }
}
