package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import java.nio.file.Path;

/** The backends' node, on the clients' network: what goes to it goes out of the device by which it came. */
record Neighbour(Path programs) {
    static final String ADDRESS = "10.1.0.9";

    void move(Topology topology) {
        // A veth takes frames that were never in a socket only where it polls for what comes.
        topology.inside(Route.CLIENT, programs.resolve("receive-batches").toString(), "eth0");
        String hardware = topology.inside(Route.CLIENT, "cat", "/sys/class/net/eth0/address")
                .strip();
        topology.inside(
                Route.NODE,
                "ip",
                "neigh",
                "add",
                ADDRESS,
                "lladdr",
                hardware,
                "nud",
                "permanent",
                "dev",
                Topology.CLIENTS);
    }

    /** Has it receive what a program of XDP sends back. */
    void take(Topology topology) {
        String object = programs.resolve("take-all.o").toString();
        topology.inside(Route.CLIENT, "ip", "link", "set", "dev", "eth0", "xdpdrv", "object", object, "section", "xdp");
    }

    Sink sink(Topology topology) {
        return new Sink(topology, Route.CLIENT, "eth0", "udp dport " + Topology.SERVICE_PORT);
    }
}
