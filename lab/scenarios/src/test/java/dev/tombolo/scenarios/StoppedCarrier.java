package dev.tombolo.scenarios;

/** The WireGuard of a node of cluster1 that takes what other nodes' pods send to its gateway: its device is there, and dead. */
record StoppedCarrier(MeshLab lab, String node) implements AutoCloseable {
    static StoppedCarrier stop(MeshLab lab, String node) {
        var carrier = new StoppedCarrier(lab, node);
        carrier.signal("STOP");
        return carrier;
    }

    private void signal(String signal) {
        lab.in(
                "cluster1-" + node,
                "for pid in $(ip netns pids " + lab.home.namespace("cluster1-" + node) + "); do"
                        + " if tr '\\0' ' ' < /proc/$pid/cmdline | grep -q '^[^ ]*wireguard-go .*tombolo-egw'; then"
                        + " kill -" + signal + " $pid; fi; done");
    }

    @Override
    public void close() {
        signal("CONT");
    }
}
