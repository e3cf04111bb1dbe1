package dev.tombolo.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One netlink socket: a request and its answers at a time. */
final class NetlinkSocket implements AutoCloseable {
    /** The kernel never fills more than this in one message of a dump. */
    private static final int RECEIVE_BYTES = 64 * 1024;

    private static final int DUMP_ATTEMPTS = 5;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int ACK_HAS_ATTRIBUTES = 0x200;
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final ReentrantLock exchange = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(RECEIVE_BYTES).order(ByteOrder.nativeOrder());
    private int fd;
    private int sequence;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    static NetlinkSocket open(Optional<Path> netns, int protocol) throws NetlinkException {
        int fd = LibNetlink.open(netns.map(Path::toString).orElse(null), protocol);
        if (fd < 0) {
            String where = netns.map(path -> " in " + path).orElse("");
            throw new NetlinkException("opening", "a netlink socket" + where, new Errno(-fd), "");
        }
        return new NetlinkSocket(fd);
    }

    /** Sends and waits for the acknowledgement. */
    void request(Message message, String operation, String object) throws IOException {
        exchange.lock();
        try {
            send(message, operation, object);
            var ignored = new ArrayList<ByteBuffer>();
            while (!receiveInto(ignored, operation, object).finished()) {
                ignored.clear();
            }
        } finally {
            exchange.unlock();
        }
    }

    /** Sends, and returns what is answered before the acknowledgement, without headers. */
    List<ByteBuffer> ask(Message message, String operation, String object) throws IOException {
        exchange.lock();
        try {
            send(message, operation, object);
            var payloads = new ArrayList<ByteBuffer>();
            while (!receiveInto(payloads, operation, object).finished()) {
                // The acknowledgement comes last.
            }
            return payloads;
        } finally {
            exchange.unlock();
        }
    }

    /** All messages of a dump, without their headers; asked again where the kernel says that it changed meanwhile. */
    List<ByteBuffer> dump(Message message, String object) throws IOException {
        exchange.lock();
        try {
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                var payloads = new ArrayList<ByteBuffer>();
                send(message, "listing", object);
                if (!receiveDump(payloads, object)) {
                    return payloads;
                }
            }
            throw new IOException("listing of " + object + " was interrupted by changes " + DUMP_ATTEMPTS + " times");
        } finally {
            exchange.unlock();
        }
    }

    /** Takes messages, without their headers, as they come. */
    @FunctionalInterface
    interface Visitor {
        void visit(ByteBuffer payload) throws IOException;
    }

    /**
     * The messages of a dump that is too large to be kept, and that always changes meanwhile. Where the visitor fails, the
     * kernel is left in the middle of its dump, so that this socket gets no other.
     */
    void visit(Message message, String object, Visitor visitor) throws IOException {
        exchange.lock();
        try {
            send(message, "listing", object);
            var payloads = new ArrayList<ByteBuffer>();
            boolean finished;
            do {
                finished = receiveInto(payloads, "listing", object).finished();
                for (var payload : payloads) {
                    visitor.visit(payload);
                }
                payloads.clear();
            } while (!finished);
        } finally {
            exchange.unlock();
        }
    }

    private boolean receiveDump(List<ByteBuffer> payloads, String object) throws IOException {
        boolean interrupted = false;
        Received received;
        do {
            received = receiveInto(payloads, "listing", object);
            interrupted |= received.interrupted();
        } while (!received.finished());
        return interrupted;
    }

    private void send(Message message, String operation, String object) throws NetlinkException {
        if (fd < 0) {
            throw new IllegalStateException("this netlink socket is closed");
        }
        byte[] bytes = message.withSequence(++sequence);
        buffer.clear().put(bytes);
        int sent = LibNetlink.send(fd, buffer, bytes.length);
        if (sent < 0) {
            throw new NetlinkException(operation, object, new Errno(-sent), "");
        }
    }

    private record Received(boolean finished, boolean interrupted) {}

    private Received receiveInto(List<ByteBuffer> payloads, String operation, String object) throws NetlinkException {
        int length = LibNetlink.receive(fd, buffer.clear(), (int) ANSWER.toMillis());
        if (length == -11) {
            return new Received(false, false);
        }
        if (length < 0) {
            throw new NetlinkException(operation, object, new Errno(-length), "");
        }
        buffer.limit(length);
        boolean finished = false;
        boolean interrupted = false;
        while (buffer.remaining() >= Message.HEADER) {
            int start = buffer.position();
            int size = buffer.getInt();
            int type = Short.toUnsignedInt(buffer.getShort());
            int flags = Short.toUnsignedInt(buffer.getShort());
            boolean ours = buffer.getInt() == sequence;
            if (size < Message.HEADER || start + size > length) {
                break;
            }
            if (ours) {
                var payload = copy(start + Message.HEADER, size - Message.HEADER);
                interrupted |= (flags & Rtnetlink.DUMP_INTERRUPTED) != 0;
                finished |= type == ERROR || type == DONE;
                if (type == ERROR || type == DONE) {
                    check(payload, type, flags, operation, object);
                } else {
                    payloads.add(payload);
                }
            }
            buffer.position(Math.min(length, start + (size + 3 & ~3)));
        }
        return new Received(finished, interrupted);
    }

    private ByteBuffer copy(int offset, int length) {
        return ByteBuffer.allocate(length).put(0, buffer, offset, length).order(ByteOrder.nativeOrder());
    }

    private static void check(ByteBuffer payload, int type, int flags, String operation, String object)
            throws NetlinkException {
        int result = payload.remaining() >= 4 ? payload.getInt() : 0;
        if (result < 0) {
            String detail = type == ERROR && (flags & ACK_HAS_ATTRIBUTES) != 0 ? detail(payload) : "";
            throw new NetlinkException(operation, object, new Errno(-result), detail);
        }
    }

    /** What the kernel says in words (extended acknowledgement), after the echoed header. */
    private static String detail(ByteBuffer payload) {
        payload.position(Math.min(payload.limit(), 4 + Message.HEADER));
        return Attributes.read(payload).text(1).orElse("");
    }

    @Override
    public void close() {
        exchange.lock();
        try {
            if (fd >= 0) {
                LibNetlink.close(fd);
                fd = -1;
            }
        } finally {
            exchange.unlock();
        }
    }
}
