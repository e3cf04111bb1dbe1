package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.ServiceMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;

/** No service, and a node that knows no connections: the most that its stack forwards. */
record Untracked(String name) implements ServiceMode {
    @Override
    public void load(Topology topology, int count) {
        topology.inside(Route.NODE, "nft", "delete", "table", "inet", "track");
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        return 0;
    }

    @Override
    public String baseAddress() {
        return Topology.BACKENDS.getFirst();
    }
}
