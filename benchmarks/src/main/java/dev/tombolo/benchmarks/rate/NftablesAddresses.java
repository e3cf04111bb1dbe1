package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.KernelModes;
import dev.tombolo.benchmarks.connect.ServiceMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.benchmarks.shell.Shell;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Two maps from services to their backends, one of which is asked by chance: nftables with the fewest rules. */
record NftablesAddresses() implements ServiceMode {
    @Override
    public String name() {
        return "nftables-map";
    }

    @Override
    public void load(Topology topology, int count) {
        String rules = """
                table ip bench {
                %s%s
                  chain prerouting {
                    type nat hook prerouting priority dstnat
                    numgen random mod 2 0 dnat ip to ip daddr . udp dport map @backends0
                    dnat ip to ip daddr . udp dport map @backends1
                  }
                }
                """.formatted(map(0, count), map(1, count));
        Shell.run(rules, topology.command(Route.NODE, "nft", "-f", "-"));
    }

    private static String map(int backend, int count) {
        return """
                  map backends%d {
                    type ipv4_addr . inet_service : ipv4_addr . inet_service
                    elements = { %s }
                  }
                """.formatted(
                        backend,
                        IntStream.range(0, count)
                                .mapToObj(service -> element(service, backend))
                                .collect(Collectors.joining(",\n")));
    }

    private static String element(int service, int backend) {
        return "%s . %d : %s . %d"
                .formatted(
                        KernelModes.serviceAddress(service),
                        Topology.SERVICE_PORT,
                        Topology.BACKENDS.get(backend),
                        Topology.BACKEND_PORT);
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        throw new UnsupportedOperationException("only packets are measured");
    }
}
