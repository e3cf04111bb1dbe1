package dev.tombolo.netlink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/** The natives: sockets. Results are {@code >= 0} or {@code -errno}; buffers are direct. */
final class LibNetlink {
    private LibNetlink() {}

    static {
        load();
    }

    /** {@code netns} is a path such as /run/netns/x, or null for this process's own namespace. */
    static native int open(String netns, int protocol);

    /** A raw ICMP socket that gets echo replies only, with their IP headers. */
    static native int openEcho(String netns);

    /** A socket for the frames of {@link #sendArp} and {@link #sendToAllNodes}; it receives none. */
    static native int openArp(String netns);

    static native int send(int fd, ByteBuffer message, int length);

    static native int sendEcho(int fd, ByteBuffer message, int length, int ipv4);

    /** By a device and no other, with this source address. */
    static native int sendEchoBy(int fd, ByteBuffer message, int length, int ipv4, String device, int source);

    /** To all of the device's link. */
    static native int sendArp(int fd, ByteBuffer message, int length, int ifindex);

    /** An IPv6 packet to ff02::1. */
    static native int sendToAllNodes(int fd, ByteBuffer packet, int length, int ifindex);

    /** Writes the six bytes of an Ethernet device's address; {@code -EOPNOTSUPP} for a device of another kind. */
    static native int hardwareAddress(int fd, int ifindex, ByteBuffer into);

    /** {@code -ETIMEDOUT} when there is nothing within the time. */
    static native int receive(int fd, ByteBuffer into, int timeoutMillis);

    static native int close(int fd);

    @SuppressWarnings("restricted") // the launchers allow native access
    private static void load() {
        String arch = System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
        String resource = "/META-INF/native/linux-" + arch + "/libtombolo-netlink.so";
        try (var library = LibNetlink.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new UnsatisfiedLinkError(resource + " is not in the class path: build it with make");
            }
            var file = Files.createTempFile("libtombolo-netlink", ".so");
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
