package dev.tombolo.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** A ring buffer of the kernel, whose records are all of one struct. Whoever reads it first has it alone; for one thread. */
public final class BpfRing<V> implements AutoCloseable {
    private static final int AT_ONCE = 1024;

    private final String name;
    private final BtfCodec<V> records;
    private final ByteBuffer out;
    private long handle;

    BpfRing(String name, int fd, BtfCodec<V> records) throws BpfException {
        this.name = name;
        this.records = records;
        out = ByteBuffer.allocateDirect(AT_ONCE * records.size()).order(ByteOrder.nativeOrder());
        handle = LibBpf.ringOpen(fd);
        if (handle < 0 && handle > -4096) {
            throw new BpfException("mapping", "ring " + name, (int) -handle, "");
        }
    }

    /** Takes what was written since; returns how many records that were, at most a thousand or so at once. */
    public int read(Consumer<V> taker) throws BpfException {
        if (handle == 0) {
            throw new IllegalStateException("ring " + name + " is closed");
        }
        int bytes = BpfException.check(LibBpf.ringRead(handle, out, out.capacity()), "reading", "ring " + name);
        for (int at = 0; at < bytes; at += records.size()) {
            taker.accept(records.read(out, at));
        }
        return bytes / records.size();
    }

    @Override
    public void close() {
        if (handle != 0) {
            LibBpf.ringClose(handle);
        }
        handle = 0;
    }
}
