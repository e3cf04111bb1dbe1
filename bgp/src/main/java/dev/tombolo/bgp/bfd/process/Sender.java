package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.protocol.BfdPacket;
import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Sends for one session, from one port as long as it can (RFC 5881, 4). Its socket is opened when there is something to
 * send and again after a failure: addresses and devices come and go. Confined to one thread.
 */
final class Sender implements AutoCloseable {
    private static final int LOWEST_PORT = 49_152;
    private static final int PORTS = 65_536 - LOWEST_PORT;
    private static final int TRIES = 32;
    private static final int NO_SOCKET = -1;

    private final BfdPath path;
    private final RandomGenerator random;
    private final ByteBuffer local;
    private final ByteBuffer peer;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(BfdPacket.LENGTH);
    private int port;
    private int fd = NO_SOCKET;
    private int ifindex;

    /** @param port what it would take; 0: any */
    Sender(BfdPath path, int port, RandomGenerator random) {
        this.path = path;
        this.port = port;
        this.random = random;
        this.local = direct(path.local());
        this.peer = direct(path.peer());
    }

    private static ByteBuffer direct(IpAddress address) {
        return ByteBuffer.allocateDirect(16).put(address.bytes16()).flip();
    }

    /** False where this machine could not send it. */
    boolean send(BfdPacket message) {
        if (fd == NO_SOCKET && !open()) {
            return false;
        }
        packet.clear();
        message.write(packet);
        int to = path.isDirect() ? Arrival.Port.DIRECT.number : Arrival.Port.MULTIHOP.number;
        int sent = LibBfd.send(fd, peer, to, ifindex, packet, BfdPacket.LENGTH);
        if (sent < 0) {
            close();
        }
        return sent >= 0;
    }

    private boolean open() {
        ifindex = path.device().map(LibBfd::ifindex).orElse(0);
        if (ifindex < 0) {
            return false;
        }
        int opened = port == 0 ? -LibBfd.EADDRINUSE : LibBfd.openSender(local, port, ifindex);
        for (int i = 0; i < TRIES && opened == -LibBfd.EADDRINUSE; i++) {
            port = LOWEST_PORT + random.nextInt(PORTS);
            opened = LibBfd.openSender(local, port, ifindex);
        }
        fd = opened < 0 ? NO_SOCKET : opened;
        return opened >= 0;
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        if (fd != NO_SOCKET) {
            LibBfd.close(fd);
            fd = NO_SOCKET;
        }
    }
}
