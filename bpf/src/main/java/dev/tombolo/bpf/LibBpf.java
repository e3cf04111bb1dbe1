package dev.tombolo.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/** The natives over libbpf; every result is {@code >= 0} or {@code -errno}, every buffer is direct. */
final class LibBpf {
    static final int LOOKUP = 0;
    static final int UPDATE = 1;
    static final int DELETE = 2;
    static final int NEXT_KEY = 3;
    static final int TCX = 0;
    static final int CLSACT = 1;
    static final int CLSACT_DETACH = 2;
    static final int NETLINK_SOCKET = 3;
    static final int XDP = 4;

    private LibBpf() {}

    static {
        load();
    }

    static native long objectOpen(ByteBuffer elf, int size, String name);

    static native void objectClose(long object);

    static native int objectLoad(long object);

    static native int mapSetMaxEntries(long object, String map, int entries);

    static native int mapReuseFd(long object, String map, int fd);

    static native int mapFd(long object, String map);

    static native int setRodata(long object, int offset, ByteBuffer bytes, int size);

    static native int programFd(long object, String program);

    static native int takeLog(ByteBuffer out, int capacity);

    static native int mapInfo(int fd, ByteBuffer sixInts);

    static native int mapElement(int command, int fd, ByteBuffer key, ByteBuffer value, long flags);

    static native int mapBatch(
            int command, int fd, ByteBuffer in, ByteBuffer next, ByteBuffer keys, ByteBuffer values, ByteBuffer count);

    static native int pin(int fd, String path);

    static native int pinned(String path);

    static native int closeFd(int fd);

    static native int attachCgroup(int program, String cgroup, int type);

    static native int device(int command, int program, String netns, String device, int type, int place, int handle);

    static native int linkUpdate(int link, int program);

    static native int linkDetach(int link);

    static native int testRun(int program, ByteBuffer in, int size, ByteBuffer out, ByteBuffer fiveInts);

    static native int possibleCpus();

    static native int mountBpffs(String path);

    static native int probeHelper(int programType, int helper);

    static native long netnsCookie();

    static native int netlinkSend(int fd, ByteBuffer request, int size);

    static native int netlinkReceive(int fd, ByteBuffer answer, int capacity);

    static native long ringOpen(int map);

    static native int ringRead(long ring, ByteBuffer out, int room);

    static native void ringClose(long ring);

    @SuppressWarnings("restricted")
    private static void load() {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String resource = "/META-INF/native/linux-" + arch + "/libtombolo-bpf.so";
        try (InputStream in = LibBpf.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("no native library for this machine: " + resource);
            }
            var copy = Files.createTempFile("tombolo-bpf", ".so");
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                System.load(copy.toString());
            } finally {
                Files.delete(copy);
            }
        } catch (IOException failure) {
            throw new UnsatisfiedLinkError("could not unpack " + resource + ": " + failure.getMessage());
        }
    }
}
