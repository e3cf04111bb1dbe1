package dev.tombolo.bpf;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the programs counted; the names are those of C. */
public final class Counters {
    /** Packets for the tunnel, socket calls for the sockets. */
    public record Counter(String hook, String reason, long packets, long bytes) {}

    public record Traffic(long packets, long bytes) {}

    record MetricKey(int index) {}

    record ClusterKey(int clusterId) {}

    private final Btf btf;
    private final BpfMap<MetricKey, Traffic> metrics;
    private final BpfObject object;

    Counters(BpfObject object) throws BpfException {
        this.object = object;
        btf = object.btf();
        metrics = new BpfMap<>(
                "metrics",
                object.mapFd("metrics"),
                object::isClosed,
                BtfCodec.index(MetricKey.class),
                BtfCodec.of(Traffic.class, btf, "traffic"));
    }

    /** All reasons at all hooks, zeros included. */
    public List<Counter> byReason() throws BpfException {
        var hooks = btf.enumValues("hook");
        int stride = btf.enumValues("metrics_room").get("METRICS_HOOKS");
        var counters = new ArrayList<Counter>();
        for (var reason : btf.enumValues("verdict_reason").entrySet()) {
            for (var hook : hooks.entrySet()) {
                var key = new MetricKey(reason.getValue() * stride + hook.getValue());
                var sum = sum(metrics.lookupAll(key));
                counters.add(new Counter(hook.getKey(), reason.getKey(), sum.packets(), sum.bytes()));
            }
        }
        return counters;
    }

    /** What arrived through the tunnel, by the cluster id of its source. */
    public TreeMap<Integer, Traffic> byCluster() throws BpfException {
        var clusters = object.map("cluster_traffic", ClusterKey.class, Traffic.class);
        var traffic = new TreeMap<Integer, Traffic>();
        for (var key : clusters.entries().keySet()) {
            traffic.put(key.clusterId(), sum(clusters.lookupAll(key)));
        }
        return traffic;
    }

    private static Traffic sum(List<Traffic> perCpu) {
        return new Traffic(
                perCpu.stream().mapToLong(Traffic::packets).sum(),
                perCpu.stream().mapToLong(Traffic::bytes).sum());
    }
}
