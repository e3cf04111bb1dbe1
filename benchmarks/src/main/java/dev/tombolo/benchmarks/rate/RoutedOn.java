package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.ServiceMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;

/** No service: a route for all their addresses, to the node where the backends are. */
record RoutedOn(Neighbour neighbour) implements ServiceMode {
    @Override
    public String name() {
        return "forwarding";
    }

    @Override
    public void load(Topology topology, int count) {
        neighbour.move(topology);
        new Untracked(name()).load(topology, count);
        // What goes back to where it came from makes a router tell the sender so.
        for (String device : new String[] {"all", Topology.CLIENTS}) {
            topology.inside(Route.NODE, "sysctl", "-qw", "net.ipv4.conf." + device + ".send_redirects=0");
        }
        topology.inside(Route.NODE, "ip", "route", "add", "10.96.0.0/12", "via", Neighbour.ADDRESS);
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        return 0;
    }
}
