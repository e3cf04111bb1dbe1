package dev.tombolo.agent.egress.network;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the node's network again and again, and at once when it is told that something may have changed. */
public final class NodeNetworkSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNetworkSource.class);
    /** An egress address that is taken off by hand must not be used for much longer. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Netlink netlink;
    private final Table<String, NodeNetwork> table;
    private final Thread thread;
    private final Object signal = new Object();
    private boolean look;
    private String lastFailure = "";

    public NodeNetworkSource(Netlink netlink, Table<String, NodeNetwork> table) {
        this.netlink = netlink;
        this.table = table;
        thread = Thread.ofVirtual().name("node network").unstarted(this::run);
    }

    public NodeNetworkSource start() {
        thread.start();
        return this;
    }

    /** Something may have changed. */
    public void lookAgain() {
        synchronized (signal) {
            look = true;
            signal.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                read();
                synchronized (signal) {
                    if (!look) {
                        signal.wait(INTERVAL.toMillis());
                    }
                    look = false;
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was read last stays while nothing can be read. */
    private void read() {
        try {
            var byTable = netlink.routes().list().stream()
                    .collect(Collectors.partitioningBy(route -> route.table() == Route.MAIN_TABLE));
            var network = new NodeNetwork(
                    netlink.links().list(),
                    netlink.addresses().list(),
                    byTable.get(true),
                    byTable.get(false).stream()
                            .filter(NodeNetworkSource::leadsOut)
                            .toList());
            table.put(MeshTables.OWN, network);
            table.markInitialized();
            lastFailure = "";
        } catch (IOException failure) {
            if (!lastFailure.equals(failure.getMessage())) {
                LOG.warn("the node's network cannot be read: {}", failure.getMessage());
            }
            lastFailure = String.valueOf(failure.getMessage());
        }
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
        thread.interrupt();
    }
}
