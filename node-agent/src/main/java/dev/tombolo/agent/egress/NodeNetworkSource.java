package dev.tombolo.agent.egress;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the node's network again and again, and at once when it is told that something may have changed. */
final class NodeNetworkSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNetworkSource.class);
    /** An egress address that is taken off by hand must not be used for much longer. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Netlink netlink;
    private final Table<String, NodeNetwork> table;
    private final Thread thread;
    private final Object signal = new Object();
    private boolean look;
    private String lastFailure = "";

    NodeNetworkSource(Netlink netlink, Table<String, NodeNetwork> table) {
        this.netlink = netlink;
        this.table = table;
        thread = Thread.ofVirtual().name("node network").unstarted(this::run);
    }

    NodeNetworkSource start() {
        thread.start();
        return this;
    }

    void lookAgain() {
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
            var network = new NodeNetwork(
                    netlink.links().list(),
                    netlink.addresses().list(),
                    netlink.routes().list(Route.MAIN_TABLE));
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

    @Override
    public void close() {
        thread.interrupt();
    }
}
