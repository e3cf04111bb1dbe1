package dev.tombolo.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A map of the kernel with typed keys and values. Safe for use by many threads; calls are short. */
public final class BpfMap<K, V> {
    private static final int BATCH = 1000;
    /** ENOTSUPP, which has no name outside the kernel. */
    private static final int NOT_SUPPORTED = -524;

    private final String name;
    private final int fd;
    private final BooleanSupplier closed;
    private final BtfCodec<K> keys;
    private final BtfCodec<V> values;
    private final int stride;
    private final int capacity;
    private final int copies;
    private final boolean perCpu;
    private final ByteBuffer key;
    private final ByteBuffer value;
    private ByteBuffer batchKeys;
    private ByteBuffer batchValues;
    private int filled;

    BpfMap(String name, int fd, BooleanSupplier closed, BtfCodec<K> keys, BtfCodec<V> values) throws BpfException {
        this.name = name;
        this.fd = fd;
        this.closed = closed;
        this.keys = keys;
        this.values = values;
        var info = MapInfo.of(fd);
        this.capacity = info.maxEntries();
        this.perCpu = info.isPerCpu();
        this.copies = info.isPerCpu() ? LibBpf.possibleCpus() : 1;
        this.stride = info.isPerCpu() ? (values.size() + 7) / 8 * 8 : values.size();
        this.key = buffer(keys.size());
        this.value = buffer(stride * copies);
    }

    public int capacity() {
        return capacity;
    }

    public synchronized Optional<V> lookup(K wanted) throws BpfException {
        var all = lookupAll(wanted);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    /** One value per CPU for a per-CPU map, else one; none where the key is absent. */
    public synchronized List<V> lookupAll(K wanted) throws BpfException {
        keys.write(wanted, key, 0);
        int result = LibBpf.mapElement(LibBpf.LOOKUP, fd(), key, value, 0);
        if (result == -Errno.ENOENT) {
            return List.of();
        }
        check(result, "look-up");
        var all = new ArrayList<V>();
        for (int i = 0; i < copies; i++) {
            all.add(values.read(value, i * stride));
        }
        return all;
    }

    public synchronized void put(K newKey, V newValue) throws BpfException {
        keys.write(newKey, key, 0);
        values.write(newValue, value, 0);
        check(LibBpf.mapElement(LibBpf.UPDATE, fd(), key, value, 0), "update");
    }

    /** Takes a row: to be written with others, or as it was read. */
    @FunctionalInterface
    public interface Put<K, V> {
        void row(K key, V value) throws BpfException;
    }

    /** Many rows, handed over one after the other. */
    @FunctionalInterface
    public interface Rows<K, V> {
        void forEach(Put<K, V> put) throws BpfException;
    }

    /** In batches, or one by one on kernels without batches for this kind of map. */
    public synchronized void putAll(Rows<K, V> rows) throws BpfException {
        prepareBatch();
        filled = 0;
        rows.forEach(this::stage);
        flush();
    }

    private void stage(K newKey, V newValue) throws BpfException {
        keys.write(newKey, batchKeys, filled * keys.size());
        values.write(newValue, batchValues, filled * values.size());
        if (++filled == BATCH) {
            flush();
        }
    }

    /** True if it was there. */
    public synchronized boolean delete(K oldKey) throws BpfException {
        keys.write(oldKey, key, 0);
        int result = LibBpf.mapElement(LibBpf.DELETE, fd(), key, null, 0);
        if (result == -Errno.ENOENT) {
            return false;
        }
        check(result, "delete");
        return true;
    }

    public synchronized void deleteAll(Collection<K> oldKeys) throws BpfException {
        // The kernel's batch stops at the first absent key, and absent is success here.
        for (var oldKey : oldKeys) {
            delete(oldKey);
        }
    }

    /** A copy of all entries; for a per-CPU map, of the first CPU's values. Entries may change meanwhile. */
    public synchronized Map<K, V> entries() throws BpfException {
        var entries = new HashMap<K, V>();
        forEach(entries::put);
        return entries;
    }

    /** The same without a copy of them all. An entry may come twice where others come and go meanwhile. */
    public synchronized void forEach(Put<K, V> entries) throws BpfException {
        forEach(entries, () -> {});
    }

    /** The same for a map that takes long to read: calls {@code between} now and then, which may write to the map. */
    public synchronized void forEach(Put<K, V> entries, Runnable between) throws BpfException {
        if (perCpu || !readInBatches(entries, between)) {
            readOneByOne(entries, between);
        }
    }

    /** False where the kernel has no batches for this kind of map, or one bucket is fuller than a batch. */
    private boolean readInBatches(Put<K, V> entries, Runnable between) throws BpfException {
        prepareBatch();
        var count = buffer(4);
        ByteBuffer from = null;
        var next = cursor();
        var spare = cursor();
        for (long i = 0; i <= capacity; i++) {
            count.putInt(0, BATCH);
            int result = LibBpf.mapBatch(LibBpf.LOOKUP, fd(), from, next, batchKeys, batchValues, count);
            if (result == -Errno.EINVAL || result == -Errno.ENOSPC || result == NOT_SUPPORTED) {
                return false;
            }
            if (result != -Errno.ENOENT) {
                check(result, "iteration");
            }
            for (int row = 0; row < count.getInt(0); row++) {
                entries.row(keys.read(batchKeys, row * keys.size()), values.read(batchValues, row * values.size()));
            }
            if (result == -Errno.ENOENT) {
                break;
            }
            between.run();
            from = next;
            next = spare;
            spare = from;
        }
        return true;
    }

    /** Large enough for a position in a hash and for a key. */
    private ByteBuffer cursor() {
        return buffer(Math.max(keys.size(), 4));
    }

    private void readOneByOne(Put<K, V> entries, Runnable between) throws BpfException {
        var next = buffer(keys.size());
        int result = LibBpf.mapElement(LibBpf.NEXT_KEY, fd(), null, next, 0);
        for (long i = 0; result == 0 && i <= 2L * capacity; i++) {
            K found = keys.read(next, 0);
            if (LibBpf.mapElement(LibBpf.LOOKUP, fd(), next, value, 0) == 0) {
                entries.row(found, values.read(value, 0));
            }
            if (i % BATCH == BATCH - 1) {
                between.run();
            }
            keys.write(found, key, 0);
            result = LibBpf.mapElement(LibBpf.NEXT_KEY, fd(), key, next, 0);
        }
        if (result != 0 && result != -Errno.ENOENT) {
            check(result, "iteration");
        }
    }

    public int count() throws BpfException {
        return entries().size();
    }

    /** The kernel gives the number of a closed file to the next one opened, so a late call could write elsewhere. */
    private int fd() {
        if (closed.getAsBoolean()) {
            throw new IllegalStateException("map " + name + " is closed");
        }
        return fd;
    }

    private void prepareBatch() {
        if (batchKeys == null) {
            batchKeys = buffer(BATCH * keys.size());
            batchValues = buffer(BATCH * values.size());
        }
    }

    private void flush() throws BpfException {
        int rows = filled;
        filled = 0;
        if (rows == 0) {
            return;
        }
        var count = buffer(4).putInt(0, rows);
        int result = LibBpf.mapBatch(LibBpf.UPDATE, fd(), null, null, batchKeys, batchValues, count);
        if (result == -Errno.EINVAL || result == NOT_SUPPORTED) {
            for (int i = 0; i < rows; i++) {
                var oneKey = batchKeys.slice(i * keys.size(), keys.size());
                var oneValue = batchValues.slice(i * values.size(), values.size());
                check(LibBpf.mapElement(LibBpf.UPDATE, fd(), oneKey, oneValue, 0), "update");
            }
            return;
        }
        check(result, "update");
    }

    private void check(int result, String operation) throws BpfException {
        if (result < 0) {
            throw new BpfException(operation, "map " + name, -result, "capacity " + capacity);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
