package dev.tombolo.agent.egress.network;

import dev.tombolo.agent.egress.watch.Pause;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the node's network again and again, and at once when it is told that something may have changed. */
public final class NodeNetworkSource implements AutoCloseable {
    /** An egress address that is taken off by hand must not be used for much longer. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Netlink netlink;
    private final Table<String, NodeNetwork> table;
    private final Pause pause = new Pause(INTERVAL);
    private Optional<Watch> watch = Optional.empty();

    public NodeNetworkSource(Netlink netlink, Table<String, NodeNetwork> table) {
        this.netlink = netlink;
        this.table = table;
    }

    public NodeNetworkSource start() {
        watch = Optional.of(Watch.start("node network", "the node's network cannot be read", () -> {
            read();
            pause.await();
        }));
        return this;
    }

    /** Something may have changed. */
    public void lookAgain() {
        pause.end();
    }

    /** What was read last stays while nothing can be read. */
    private void read() throws IOException {
        var byTable = netlink.routes().list().stream()
                .collect(Collectors.partitioningBy(route -> route.table() == Route.MAIN_TABLE));
        var network = new NodeNetwork(
                netlink.links().list(),
                netlink.addresses().list(),
                byTable.get(true),
                byTable.get(false).stream().filter(NodeNetworkSource::leadsOut).toList());
        table.put(MeshTables.OWN, network);
        table.markInitialized();
    }

    /** Why it is not read, if so. */
    public Optional<String> failure() {
        return watch.flatMap(Watch::failure);
    }

    /** Not those of the tunnel, which are many and change often. */
    private static boolean leadsOut(Route route) {
        return switch (route.hop()) {
            case Hop.Gateway _, Hop.Multipath _ -> true;
            case Hop.Device _ -> route.destination().length() == 0;
            case Hop.Unreachable _, Hop.Other _ -> false;
        };
    }

    @Override
    public void close() {
        watch.ifPresent(Watch::close);
    }
}
