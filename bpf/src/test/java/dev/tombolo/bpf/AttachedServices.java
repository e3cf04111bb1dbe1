package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.service.ServiceMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The datapath of services, attached to a cgroup that this process is in alone. */
final class AttachedServices implements AutoCloseable {
    private final Path bpffs;
    private final PrivateCgroup cgroup;
    private Datapath datapath;
    private final ServiceMaps services;

    private AttachedServices() throws Exception {
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        cgroup = new PrivateCgroup();
        datapath = reopened(Map.of());
        services = datapath.services();
        datapath.attachServices();
    }

    static AttachedServices open() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        return new AttachedServices();
    }

    /** Once more, as an agent that starts anew. The one before is to be closed. */
    Datapath reopened(Map<String, Integer> sizes) throws IOException {
        datapath = Datapath.open(new DatapathOptions(bpffs, cgroup.path(), sizes));
        return datapath;
    }

    Datapath datapath() {
        return datapath;
    }

    /** Of the first time. */
    ServiceMaps services() {
        return services;
    }

    /** Packets, or calls, that were counted for a reason at sockets. */
    long counted(String reason) throws BpfException {
        return datapath.counters().byReason().stream()
                .filter(counter ->
                        counter.reason().equals(reason) && counter.hook().equals("HOOK_SOCKET"))
                .mapToLong(Counters.Counter::packets)
                .sum();
    }

    @Override
    public void close() throws IOException {
        datapath.close();
        Datapath.removeAll(bpffs);
        assertThat(Files.exists(bpffs.resolve("tombolo"))).isFalse();
        new ProcessBuilder("umount", bpffs.toString()).start().onExit().join();
        cgroup.close();
        Files.deleteIfExists(bpffs);
    }
}
