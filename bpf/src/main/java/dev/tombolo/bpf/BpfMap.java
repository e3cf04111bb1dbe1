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

    private final String name;
    private final int fd;
    private final BooleanSupplier closed;
    private final BtfCodec<K> keys;
    private final BtfCodec<V> values;
    private final int stride;
    private final int capacity;
    private final int copies;
    private final ByteBuffer key;
    private final ByteBuffer value;
    private ByteBuffer batchKeys;
    private ByteBuffer batchValues;

    BpfMap(String name, int fd, BooleanSupplier closed, BtfCodec<K> keys, BtfCodec<V> values) throws BpfException {
        this.name = name;
        this.fd = fd;
        this.closed = closed;
        this.keys = keys;
        this.values = values;
        var info = MapInfo.of(fd);
        this.capacity = info.maxEntries();
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

    /** In batches, or one by one on kernels without batches for this kind of map. */
    public synchronized void putAll(Map<K, V> rows) throws BpfException {
        prepareBatch();
        int filled = 0;
        for (var row : rows.entrySet()) {
            keys.write(row.getKey(), batchKeys, filled * keys.size());
            values.write(row.getValue(), batchValues, filled * values.size());
            if (++filled == BATCH) {
                flush(LibBpf.UPDATE, filled);
                filled = 0;
            }
        }
        flush(LibBpf.UPDATE, filled);
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
        var next = buffer(keys.size());
        int result = LibBpf.mapElement(LibBpf.NEXT_KEY, fd(), null, next, 0);
        for (long i = 0; result == 0 && i <= 2L * capacity; i++) {
            K found = keys.read(next, 0);
            if (LibBpf.mapElement(LibBpf.LOOKUP, fd(), next, value, 0) == 0) {
                entries.put(found, values.read(value, 0));
            }
            keys.write(found, key, 0);
            result = LibBpf.mapElement(LibBpf.NEXT_KEY, fd(), key, next, 0);
        }
        if (result != 0 && result != -Errno.ENOENT) {
            check(result, "iteration");
        }
        return entries;
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

    private void flush(int command, int filled) throws BpfException {
        if (filled == 0) {
            return;
        }
        var count = buffer(4).putInt(0, filled);
        int result = LibBpf.mapBatch(command, fd(), null, null, batchKeys, batchValues, count);
        if (result == -Errno.EINVAL || result == -524) {
            for (int i = 0; i < filled; i++) {
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
