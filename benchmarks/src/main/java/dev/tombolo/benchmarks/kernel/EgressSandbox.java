package dev.tombolo.benchmarks.kernel;

import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.EgressDatapath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The product's egress programs and maps of one node, in a file system of eBPF objects of their own. */
public final class EgressSandbox implements AutoCloseable {
    private final BpfFileSystem bpffs;
    private final DatapathOptions options;
    private final EgressDatapath datapath;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EgressSandbox(BpfFileSystem bpffs, DatapathOptions options, EgressDatapath datapath) {
        this.bpffs = bpffs;
        this.options = options;
        this.datapath = datapath;
        // Also when this process is told to end: a mount and what is pinned in it would stay behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** With the sizes that the maps have by default. */
    public static EgressSandbox open() throws IOException {
        var bpffs = BpfFileSystem.mount("tombolo-bench-egress");
        var options = new DatapathOptions(bpffs.path(), bpffs.path(), Map.of());
        return new EgressSandbox(bpffs, options, EgressDatapath.open(options));
    }

    public DatapathOptions options() {
        return options;
    }

    public EgressDatapath datapath() {
        return datapath;
    }

    /** Takes the programs off their devices too. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            datapath.close();
            bpffs.remove();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
