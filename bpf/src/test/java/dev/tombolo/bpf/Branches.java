package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which ways the programs went, where they are built to remember it: see {@code src/test/branches/run}. */
final class Branches {
    private static final String FILE = System.getProperty("tombolo.branches", "");

    private Branches() {}

    /** The objects that packet tables load. */
    static Layout layout() {
        return FILE.isEmpty() ? Layout.CURRENT : new Layout(Layout.CURRENT.version(), "META-INF/bpf-branches");
    }

    /** Adds what an object's programs have done to what those before it did. */
    static synchronized void add(BpfObject object) {
        if (FILE.isEmpty()) {
            return;
        }
        try {
            int fd = object.mapFd(".bss");
            var went = ByteBuffer.allocateDirect(MapInfo.of(fd).valueSize());
            var key = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            BpfException.check(LibBpf.mapElement(LibBpf.LOOKUP, fd, key, went, 0), "reading", "branches");
            byte[] sum = Files.exists(Path.of(FILE)) ? Files.readAllBytes(Path.of(FILE)) : new byte[went.capacity()];
            for (int way = 0; way < sum.length; way++) {
                sum[way] |= went.get(way);
            }
            Files.write(Path.of(FILE), sum);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
