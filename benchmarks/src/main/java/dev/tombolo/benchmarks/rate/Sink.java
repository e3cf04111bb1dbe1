package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.benchmarks.shell.Shell;
import java.util.regex.Pattern;

/** Where packets end: counted and dropped as they come by a device, before the stack of its namespace spends time on them. */
final class Sink {
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    private final Topology topology;
    private final Route place;

    /** @param match which packets, in nft's words; all others go on */
    Sink(Topology topology, Route place, String device, String match) {
        this.topology = topology;
        this.place = place;
        String rules = """
                table netdev sink {
                  counter received { }
                  chain coming {
                    type filter hook ingress device %s priority 0
                    %s counter name received drop
                  }
                }
                """.formatted(device, match);
        Shell.run(rules, topology.command(place, "nft", "-f", "-"));
    }

    /** How many there were since this was asked before. */
    long take() {
        var said = PACKETS.matcher(topology.inside(place, "nft", "reset", "counter", "netdev", "sink", "received"));
        if (!said.find()) {
            throw new IllegalStateException("nft printed no count of packets");
        }
        return Long.parseLong(said.group(1));
    }
}
