package dev.tombolo.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A map as bytes: for counting, and for carrying entries into a map of another size. */
record RawMap(int fd, MapInfo info) {
    static RawMap of(int fd) throws BpfException {
        return new RawMap(fd, MapInfo.of(fd));
    }

    private static final int ANY = 0;
    private static final int IF_MISSING = 1;

    int count() throws BpfException {
        return walk(-1, info.valueSize(), ANY);
    }

    /** As many entries as there is room for. */
    void copyTo(int target) throws BpfException {
        walk(target, info.valueSize(), ANY);
    }

    /** The same of those that are not there; a value that is longer there ends in zeroes. */
    void copyMissingTo(int target) throws BpfException {
        walk(target, Math.max(info.valueSize(), MapInfo.of(target).valueSize()), IF_MISSING);
    }

    private int walk(int target, int valueSize, int flags) throws BpfException {
        int copies = info.isPerCpu() ? LibBpf.possibleCpus() : 1;
        var value = buffer((valueSize + 7) / 8 * 8 * copies);
        ByteBuffer key = null;
        var next = buffer(info.keySize());
        int count = 0;
        while (count < 2 * info.maxEntries() && LibBpf.mapElement(LibBpf.NEXT_KEY, fd, key, next, 0) == 0) {
            count++;
            if (target >= 0 && LibBpf.mapElement(LibBpf.LOOKUP, fd, next, value, 0) == 0) {
                int result = LibBpf.mapElement(LibBpf.UPDATE, target, next, value, flags);
                if (result == -Errno.E2BIG) {
                    return count;
                }
                BpfException.check(result == -Errno.EEXIST ? 0 : result, "carrying an entry over", "resized map");
            }
            key = key == null ? buffer(info.keySize()) : key;
            key.put(0, next, 0, info.keySize());
        }
        return count;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(Math.max(size, 8)).order(ByteOrder.nativeOrder());
    }
}
