package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.KernelModes;
import dev.tombolo.benchmarks.connect.PacketMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Packets per second of clients outside, from one device of the node to another, by who gives them their backend. */
public final class OutsideRate {
    private static final List<Integer> SERVICES = List.of(100, 10_000, 100_000);

    /** With more of them, what reads a rule for each service takes minutes to load and to begin the connections. */
    private static final int MOST_RULES = 10_000;

    /** What is common to what is measured in lanes. */
    static final String SETTING = "UDP in frames of 60 bytes, made, carried and%nreceived by one CPU."
            + " What making them and coming to the node takes (source alone) is in all; the rest is the node's%n";

    private static final int ENTRIES = 2 * PacketSource.MANY_CONNECTIONS + 100_000;

    private final Path programs;
    private final int rounds;

    public OutsideRate(Path repository, int rounds) {
        programs = repository.resolve("benchmarks/target/programs");
        this.rounds = rounds;
    }

    public void run() {
        System.out.printf("%nClients outside, from the client's veth through the node to the backend's; " + SETTING);
        try (var _ = new ConnectionRoom()) {
            for (int services : SERVICES) {
                compare(services);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void compare(int services) throws IOException {
        try (var lanes = new Lanes(programs, services)) {
            lanes.add(new Untracked("source alone"), OutsideRate::node);
            lanes.add(new Untracked("forwarding"), OutsideRate::backends);
            lanes.add(new KernelModes.Direct("with conntrack"), OutsideRate::backends);
            if (services <= MOST_RULES) {
                lanes.add(iptables("legacy"), OutsideRate::backends);
                lanes.add(iptables("nft"), OutsideRate::backends);
            }
            lanes.add(new NftablesAddresses(), OutsideRate::backends);
            lanes.add(
                    new PacketMode(
                            Clients.of(Reach.OUTSIDE_LOCAL),
                            Protocol.UDP,
                            Map.of(OutsideDatapath.CONNECTIONS, ENTRIES)),
                    OutsideRate::backends);
            new RateComparison(rounds, lanes.all()).run("%,d services".formatted(services));
        }
    }

    private static KernelModes.Iptables iptables(String variant) {
        return new KernelModes.Iptables("iptables-" + variant, "iptables-" + variant + "-restore", Protocol.UDP);
    }

    static Sink node(Topology topology) {
        return new Sink(topology, Route.NODE, Topology.CLIENTS, "udp dport " + Topology.BACKEND_PORT);
    }

    /** Only what has got a backend's address and port counts. */
    private static Sink backends(Topology topology) {
        String match =
                "ip daddr { %s } udp dport %d".formatted(String.join(", ", Topology.BACKENDS), Topology.BACKEND_PORT);
        return new Sink(topology, Route.BACKEND, "eth0", match);
    }
}
