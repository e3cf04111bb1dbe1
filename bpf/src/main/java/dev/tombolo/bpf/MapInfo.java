package dev.tombolo.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the kernel says a map is. */
record MapInfo(int type, int keySize, int valueSize, int maxEntries, int flags, int id) {
    private static final int PERCPU_HASH = 5;
    private static final int PERCPU_ARRAY = 6;

    static MapInfo of(int fd) throws BpfException {
        var six = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        BpfException.check(LibBpf.mapInfo(fd, six), "description", "map");
        return new MapInfo(six.getInt(0), six.getInt(4), six.getInt(8), six.getInt(12), six.getInt(16), six.getInt(20));
    }

    boolean isPerCpu() {
        return type == PERCPU_HASH || type == PERCPU_ARRAY;
    }
}
