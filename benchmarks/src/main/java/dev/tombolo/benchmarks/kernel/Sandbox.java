package dev.tombolo.benchmarks.kernel;

import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The product's datapath in a control group and a file system of eBPF objects of this process alone. */
public final class Sandbox implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path cgroup;
    private final BpfFileSystem bpffs;
    private final DatapathOptions options;
    private final Datapath datapath;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Sandbox(Path cgroup, BpfFileSystem bpffs, Map<String, Integer> mapSizes) throws IOException {
        this.cgroup = cgroup;
        this.bpffs = bpffs;
        options = new DatapathOptions(bpffs.path(), cgroup, mapSizes);
        datapath = Datapath.open(options);
        // Also when this process is told to end: a mount and a control group would stay behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** With the sizes that the maps have by default, but for those named. */
    public static Sandbox open(Map<String, Integer> mapSizes) throws IOException {
        String name = "tombolo-bench-" + ProcessHandle.current().pid() + "-" + NUMBER.getAndIncrement();
        var cgroup = Files.createDirectory(cgroupRoot().resolve(name));
        var bpffs = BpfFileSystem.mount(name);
        return new Sandbox(cgroup, bpffs, mapSizes);
    }

    private static Path cgroupRoot() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (line.contains(" - cgroup2 ") && fields[3].equals("/")) {
                return Path.of(fields[4]);
            }
        }
        throw new IllegalStateException("no cgroup2 mount in /proc/self/mountinfo");
    }

    /** By which other programs are loaded beside these, with the same maps. */
    public DatapathOptions options() {
        return options;
    }

    public Datapath datapath() {
        return datapath;
    }

    /** Processes in it are served once the datapath is attached. */
    public Path cgroup() {
        return cgroup;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            datapath.close();
            bpffs.remove();
            Files.delete(cgroup);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
