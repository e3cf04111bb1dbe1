package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.ServiceMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is compared, side by side. */
final class Lanes implements AutoCloseable {
    /** For longer than anything is measured. */
    private static final String KEPT_SECONDS = "3600";

    private final Path programs;
    private final int services;
    private final List<ServiceMode> modes = new ArrayList<>();
    private final List<Topology> topologies = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final Thread onExit = new Thread(this::remove);

    /** @param services how many each mode has */
    Lanes(Path programs, int services) {
        this.programs = programs;
        this.services = services;
        // Also when this process is told to end: namespaces would stay behind.
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** @param end where its packets end, in namespaces that the mode has been set up in */
    void add(ServiceMode mode, Function<Topology, Sink> end) throws IOException {
        modes.add(mode);
        var topology = new Topology(
                Integer.toString(topologies.size()),
                programs.resolve("accept-server").toString());
        topologies.add(topology);
        for (String state : List.of("udp_timeout", "udp_timeout_stream")) {
            topology.inside(Route.NODE, "sysctl", "-qw", "net.netfilter.nf_conntrack_" + state + "=" + KEPT_SECONDS);
        }
        var source = new PacketSource(programs, topology);
        mode.load(topology, services);
        lanes.add(new Lane(mode.name(), source, traffic(mode), end.apply(topology)));
    }

    private Traffic traffic(ServiceMode mode) {
        return mode.isDirect()
                ? new Traffic(mode.baseAddress(), Topology.BACKEND_PORT, 1)
                : new Traffic(mode.baseAddress(), Topology.SERVICE_PORT, services);
    }

    List<Lane> all() {
        return List.copyOf(lanes);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        remove();
    }

    private void remove() {
        modes.forEach(ServiceMode::close);
        topologies.forEach(Topology::close);
    }
}
