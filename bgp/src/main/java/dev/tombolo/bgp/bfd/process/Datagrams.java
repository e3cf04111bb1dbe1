package dev.tombolo.bgp.bfd.process;

import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Receives for all sessions. One thread receives; any may {@link #wake()} it. */
final class Datagrams implements AutoCloseable {
    /** Of each socket in one turn: a flood must not keep the timers waiting. */
    private static final int MOST_IN_A_TURN = 256;
    /** Control packets are far smaller; what is longer is cut, and its length field tells. */
    private static final int LONGEST = 512;

    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(LibBfd.PAYLOAD_AT + LONGEST).order(ByteOrder.nativeOrder());
    private final List<Receiver> receivers = new ArrayList<>();
    private final int wait;
    private final int bell;

    private record Receiver(int fd, Arrival.Port port) {}

    private Datagrams(int wait, int bell) {
        this.wait = wait;
        this.bell = bell;
    }

    static Datagrams open() throws IOException {
        var datagrams =
                new Datagrams(checked(LibBfd.openWait(), "a place to wait"), checked(LibBfd.openBell(), "a bell"));
        try {
            checked(LibBfd.watch(datagrams.wait, datagrams.bell), "the bell");
            for (var port : Arrival.Port.values()) {
                datagrams.listen(checked(LibBfd.openReceiver(0, port.number), nameOf(port)), port);
                datagrams.listenV6(port);
            }
            return datagrams;
        } catch (IOException e) {
            datagrams.close();
            throw e;
        }
    }

    private void listen(int fd, Arrival.Port port) throws IOException {
        receivers.add(new Receiver(fd, port));
        checked(LibBfd.watch(wait, fd), nameOf(port));
    }

    /** A machine without IPv6 has sessions of IPv4. */
    private void listenV6(Arrival.Port port) throws IOException {
        int fd = LibBfd.openReceiver(1, port.number);
        if (fd == -LibBfd.EADDRINUSE) {
            checked(fd, nameOf(port));
        }
        if (fd >= 0) {
            listen(fd, port);
        }
    }

    private static String nameOf(Arrival.Port port) {
        return "UDP port " + port.number;
    }

    private static int checked(int result, String what) throws IOException {
        if (result == -LibBfd.EADDRINUSE) {
            throw new IOException(what + " is taken: another BFD daemon runs on this node");
        }
        if (result < 0) {
            throw new IOException("could not open " + what + ": errno " + -result);
        }
        return result;
    }

    /** Until something arrives, somebody wakes us, or the time is over. */
    void await(long nanos) throws IOException {
        int ready = LibBfd.await(wait, Math.max(0, nanos));
        if (ready < 0 && ready != -LibBfd.EINTR) {
            throw new IOException("could not wait for packets: errno " + -ready);
        }
        LibBfd.silence(bell);
    }

    void wake() {
        LibBfd.ring(bell);
    }

    /** What has arrived; does not wait. */
    void drainTo(Consumer<Arrival> taker) {
        for (var receiver : receivers) {
            for (int i = 0; i < MOST_IN_A_TURN; i++) {
                int length = LibBfd.receive(receiver.fd(), buffer);
                if (length < 0) {
                    break;
                }
                taker.accept(arrival(receiver.port(), length));
            }
        }
    }

    private Arrival arrival(Arrival.Port port, int length) {
        return new Arrival(
                port,
                address(LibBfd.SOURCE_AT),
                address(LibBfd.DESTINATION_AT),
                buffer.getInt(LibBfd.IFINDEX_AT),
                buffer.getInt(LibBfd.TTL_AT),
                buffer.slice(LibBfd.PAYLOAD_AT, length));
    }

    private IpAddress address(int at) {
        var bytes = new byte[16];
        buffer.get(at, bytes);
        return IpAddress.of(bytes);
    }

    @Override
    public void close() {
        receivers.forEach(receiver -> LibBfd.close(receiver.fd()));
        receivers.clear();
        LibBfd.close(bell);
        LibBfd.close(wait);
    }
}
