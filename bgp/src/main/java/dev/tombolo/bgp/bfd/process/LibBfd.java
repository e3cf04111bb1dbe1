package dev.tombolo.bgp.bfd.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/**
 * The natives: datagrams with their TTL. Results are {@code >= 0} or {@code -errno}; buffers are direct; addresses are 16
 * bytes, IPv4 as v4-mapped; an ifindex of 0 is any device.
 */
final class LibBfd {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EADDRINUSE = 98;

    /** Where a received datagram has what: the same places as {@code struct arrival}. */
    static final int SOURCE_AT = 0;

    static final int DESTINATION_AT = 16;
    static final int IFINDEX_AT = 32;
    static final int TTL_AT = 36;
    static final int PAYLOAD_AT = 40;

    private LibBfd() {}

    static {
        load();
    }

    /** For datagrams to any of this machine's addresses of one family. */
    static native int openReceiver(int v6, int port);

    /** From an address and port of this machine with TTL 255. */
    static native int openSender(ByteBuffer local, int port, int ifindex);

    static native int send(int fd, ByteBuffer peer, int port, int ifindex, ByteBuffer packet, int length);

    /** The length of the payload; {@code -EAGAIN} where there is none. */
    static native int receive(int fd, ByteBuffer into);

    static native int ifindex(String device);

    static native int openWait();

    /** What another thread rings to end the wait. */
    static native int openBell();

    static native int ring(int bell);

    static native int silence(int bell);

    static native int watch(int wait, int fd);

    /** Until something watched is ready. */
    static native int await(int wait, long nanos);

    static native int close(int fd);

    @SuppressWarnings("restricted") // the launchers allow native access
    private static void load() {
        String arch = System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
        String resource = "/META-INF/native/linux-" + arch + "/libtombolo-bfd.so";
        try (var library = LibBfd.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new UnsatisfiedLinkError(resource + " is not in the class path: build it with make");
            }
            var file = Files.createTempFile("libtombolo-bfd", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                System.load(file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not unpack " + resource, e);
        }
    }
}
