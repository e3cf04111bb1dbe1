package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.benchmarks.shell.Shell;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Sends datagrams from the client's device to the node's, as fast as one CPU makes and takes them. */
final class PacketSource {
    /** A power of two, which it counts in. */
    static final int MANY_CONNECTIONS = 1 << 20;

    private static final String FIRST_CLIENT = "10.1.0.64";
    private static final int SECONDS = 1;
    private static final int LONGEST_SECONDS = 150;
    private static final Pattern LINE = Pattern.compile("sent=(\\d+) wall_ns=(\\d+) cpu_ns=(\\d+)");

    private final Path programs;
    private final Topology topology;
    private final String nextHop;

    PacketSource(Path programs, Topology topology) {
        this.programs = programs;
        this.topology = topology;
        topology.inside(Route.NODE, programs.resolve("receive-batches").toString(), Topology.CLIENTS);
        nextHop = topology.inside(Route.NODE, "cat", "/sys/class/net/" + Topology.CLIENTS + "/address")
                .strip();
    }

    /** One packet of each connection, one after the other. */
    Sent each(Traffic traffic, int connections) {
        return send(traffic, connections, "each", LONGEST_SECONDS);
    }

    /** A packet of any connection, again and again. */
    Sent any(Traffic traffic, int connections) {
        return send(traffic, connections, "any", SECONDS);
    }

    private Sent send(Traffic traffic, int connections, String order, int seconds) {
        var command = topology.command(
                Route.CLIENT,
                programs.resolve("packet-source").toString(),
                programs.resolve("packet-source.o").toString(),
                "eth0",
                nextHop,
                FIRST_CLIENT,
                traffic.address(),
                Integer.toString(traffic.port()),
                Integer.toString(traffic.services()),
                Integer.toString(connections),
                order,
                Integer.toString(seconds));
        var line = LINE.matcher(Shell.run("", command).strip());
        if (!line.matches()) {
            throw new IllegalStateException("the source of packets printed something else than a result");
        }
        return new Sent(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)), Long.parseLong(line.group(3)));
    }
}
