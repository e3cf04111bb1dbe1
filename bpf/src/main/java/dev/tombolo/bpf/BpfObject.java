package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A compiled eBPF object: sizes and constants are set before {@link #load}, maps and programs are there after it. */
public final class BpfObject implements AutoCloseable {
    private static final int TEST_RUN_ROOM = 64;

    private final String name;
    private final Btf btf;
    private final ByteBuffer elf;
    private volatile long handle;

    private BpfObject(String name, Btf btf, ByteBuffer elf, long handle) {
        this.name = name;
        this.btf = btf;
        this.elf = elf;
        this.handle = handle;
    }

    /** Opens {@code META-INF/bpf/<name>.o}. */
    public static BpfObject open(String name) throws IOException {
        return open(Layout.CURRENT, name);
    }

    static BpfObject open(Layout layout, String name) throws IOException {
        byte[] bytes = bytes(layout, name);
        var elf = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        long handle = LibBpf.objectOpen(elf, bytes.length, name);
        if (handle < 0 && handle > -4096) {
            throw new BpfException("open", "object " + name, (int) -handle, BpfSupport.takeLog());
        }
        return new BpfObject(name, Btf.ofElf(bytes), elf, handle);
    }

    /** The type information of an object, without the kernel. */
    public static Btf btf(String name) throws IOException {
        return Btf.ofElf(bytes(Layout.CURRENT, name));
    }

    private static byte[] bytes(Layout layout, String name) throws IOException {
        String resource = "/" + layout.objects() + "/" + name + ".o";
        try (var in = BpfObject.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no eBPF object " + resource + " on the class path");
            }
            return in.readAllBytes();
        }
    }

    public Btf btf() {
        return btf;
    }

    public BpfObject maxEntries(String map, int entries) throws BpfException {
        BpfException.check(LibBpf.mapSetMaxEntries(open(), map, entries), "sizing", "map " + map);
        return this;
    }

    public BpfObject constant(String constant, long value) throws BpfException {
        var field = btf.constant(constant);
        var bytes = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
        BpfException.check(LibBpf.setRodata(open(), field.offset(), bytes, field.size()), "setting", constant);
        return this;
    }

    /** Uses a map that exists already in place of the one the object declares. */
    public BpfObject reuse(String map, int fd) throws BpfException {
        BpfException.check(LibBpf.mapReuseFd(open(), map, fd), "reuse", "map " + map);
        return this;
    }

    public BpfObject load() throws BpfException {
        BpfSupport.takeLog();
        int result = LibBpf.objectLoad(open());
        if (result < 0) {
            throw new BpfException("load", "object " + name, -result, BpfSupport.takeLog());
        }
        return this;
    }

    public int mapFd(String map) throws BpfException {
        return BpfException.check(LibBpf.mapFd(open(), map), "look-up", "map " + map);
    }

    public int programFd(String program) throws BpfException {
        return BpfException.check(LibBpf.programFd(open(), program), "look-up", "program " + program);
    }

    /** A typed view; the structs of key and value are those that C declares for the map. */
    public <K extends Record, V extends Record> BpfMap<K, V> map(String map, Class<K> key, Class<V> value)
            throws BpfException {
        return new BpfMap<>(
                map,
                mapFd(map),
                this::isClosed,
                BtfCodec.of(key, btf, btf.mapStruct(map, "key")),
                BtfCodec.of(value, btf, btf.mapStruct(map, "value")));
    }

    /** The same for an array, whose key is a number. */
    public <V extends Record> BpfMap<ArrayIndex, V> array(String map, Class<V> value) throws BpfException {
        return new BpfMap<>(
                map,
                mapFd(map),
                this::isClosed,
                BtfCodec.index(ArrayIndex.class),
                BtfCodec.of(value, btf, btf.mapStruct(map, "value")));
    }

    /** A typed reader of a ring buffer, whose records are that struct. */
    public <V extends Record> BpfRing<V> ring(String map, Class<V> record, String struct) throws BpfException {
        return new BpfRing<>(map, mapFd(map), BtfCodec.of(record, btf, struct));
    }

    /** Runs a packet through a program that is loaded; returns its verdict. */
    public int testRun(String program, byte[] packet) throws BpfException {
        return testRun(program, packet, 0, 0).verdict();
    }

    /**
     * What a program made of a packet.
     *
     * @param nanos how long it took, with one reading of the kernel's clock
     */
    public record TestRun(int verdict, byte[] packet, int mark, int nanos) {}

    /** The same, with the mark and the segment size that the packet comes with. */
    public TestRun testRun(String program, byte[] packet, int mark, int segmentSize) throws BpfException {
        return testRun(program, packet, mark, segmentSize, 0);
    }

    /** The same of a packet that came by a device of that number; 0: it is this machine's own. */
    public TestRun testRun(String program, byte[] packet, int mark, int segmentSize, int cameBy) throws BpfException {
        var in = ByteBuffer.allocateDirect(packet.length).put(0, packet);
        var out = ByteBuffer.allocateDirect(packet.length + TEST_RUN_ROOM);
        var context = ByteBuffer.allocateDirect(20).order(ByteOrder.nativeOrder());
        context.putInt(0, mark).putInt(4, segmentSize).putInt(8, cameBy).putInt(12, out.capacity());
        BpfException.check(LibBpf.testRun(programFd(program), in, packet.length, out, context), "test run", program);
        byte[] left = new byte[context.getInt(12)];
        out.get(left);
        return new TestRun(context.getInt(8), left, context.getInt(0), context.getInt(16));
    }

    boolean isClosed() {
        return handle == 0;
    }

    private long open() {
        if (handle == 0) {
            throw new IllegalStateException("object " + name + " is closed");
        }
        return handle;
    }

    @Override
    public void close() {
        long closing = handle;
        handle = 0;
        if (closing != 0) {
            LibBpf.objectClose(closing);
        }
        java.lang.ref.Reference.reachabilityFence(elf);
    }
}
