package dev.tombolo.agent.wiring;

import dev.tombolo.agent.status.ClusterPaths;
import dev.tombolo.agent.status.ConntrackUse;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.Counters;
import dev.tombolo.kvstore.follow.SourceState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics whose labels come and go, brought up to date every few seconds on a thread of their own. */
final class AgentMetrics implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Agent agent;
    private final MeterRegistry metrics;
    private final MultiGauge entries;
    private final MultiGauge capacity;
    private final MultiGauge tracked;
    private final MultiGauge trackable;
    private final MultiGauge states;
    private final MultiGauge ages;
    private final MultiGauge paths;
    private final MultiGauge disbelieved;
    private final MultiGauge unreadable;
    private final BgpMetrics bgp;
    private final EgressMetrics egress;
    private final ServiceMetrics services;
    private final Map<Tags, Long> counted = new ConcurrentHashMap<>();
    private final Thread thread;

    AgentMetrics(Agent agent, MeterRegistry metrics) {
        this.agent = agent;
        this.metrics = metrics;
        entries = gauge("tombolo_map_entries", "rows in an eBPF map");
        capacity = gauge("tombolo_map_capacity", "rows that an eBPF map can hold");
        tracked = gauge("tombolo_conntrack_entries", "connections that the kernel tracks on the node");
        trackable = gauge("tombolo_conntrack_limit", "connections that the kernel has room for; 0: any number");
        states = gauge("tombolo_cluster_state", "1 for the state that a peer is in");
        ages = gauge("tombolo_cluster_stale_seconds", "for how long a peer has been stale; 0 when it is not");
        paths = gauge("tombolo_node_paths", "paths to a peer's nodes that answer, or answered once and are dead now");
        disbelieved = gauge("tombolo_refused_rows", "rows of peers that are not believed now");
        unreadable = gauge("tombolo_refused_reads", "values that could not be read since the start");
        bgp = new BgpMetrics(metrics);
        egress = new EgressMetrics(metrics);
        services = new ServiceMetrics(agent.settings.self().name(), metrics);
        thread = Thread.ofVirtual().name("metrics").unstarted(this::run);
    }

    AgentMetrics start() {
        thread.start();
        return this;
    }

    private MultiGauge gauge(String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    private void run() {
        try {
            while (true) {
                refresh();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void refresh() {
        var now = Instant.now();
        clusters(now);
        agent.bgp.status().ifPresent(status -> bgp.refresh(status, now));
        agent.bgp.detection().ifPresent(bgp::refresh);
        paths();
        conntrack();
        disbelieved.register(rows(agent.tables.refusals.counts()), true);
        unreadable.register(rows(agent.refused()), true);
        services.refresh(agent.tables.services.snapshot(), agent.outside.counted());
        agent.egress.measures().ifPresent(egress::refresh);
        agent.egress
                .forgotten()
                .forEach((why, connections) ->
                        count("tombolo_egress_connections_forgotten", Tags.of("reason", why), connections));
        count("tombolo_sockets_destroyed", Tags.empty(), agent.sockets.ended());
        try {
            maps();
            traffic(agent.datapath.counters());
            agent.egress
                    .limited()
                    .forEach((policy, packets) ->
                            count("tombolo_egress_rate_limited_packets", Tags.of("policy", policy), packets));
        } catch (IOException keepsTheLastValues) {
            return;
        }
    }

    private static ArrayList<Row<?>> rows(Map<? extends Enum<?>, Long> counts) {
        var rows = new ArrayList<Row<?>>();
        counts.forEach((reason, count) -> rows.add(Row.of(Tags.of("reason", reason.name()), count)));
        return rows;
    }

    private void maps() throws IOException {
        var used = new ArrayList<Row<?>>();
        var most = new ArrayList<Row<?>>();
        agent.fill().forEach((map, fill) -> {
            used.add(Row.of(Tags.of("map", map), fill.entries()));
            most.add(Row.of(Tags.of("map", map), fill.capacity()));
        });
        entries.register(used, true);
        capacity.register(most, true);
    }

    private void conntrack() {
        var use = ConntrackUse.read(ConntrackUse.HERE);
        tracked.register(
                use.map(now -> Row.of(Tags.empty(), now.entries())).stream().toList(), true);
        trackable.register(
                use.map(now -> Row.of(Tags.empty(), now.limit())).stream().toList(), true);
    }

    private void clusters(Instant now) {
        var current = new ArrayList<Row<?>>();
        var stale = new ArrayList<Row<?>>();
        agent.clusters.states().forEach((cluster, state) -> {
            var name = Tags.of("cluster", cluster.value());
            String word = state.getClass().getSimpleName();
            current.add(Row.of(name.and("state", word), 1));
            long age = state instanceof SourceState.Stale(var since, var _)
                    ? Duration.between(since, now).toSeconds()
                    : 0;
            stale.add(Row.of(name, age));
        });
        states.register(current, true);
        ages.register(stale, true);
    }

    private void paths() {
        var current = new ArrayList<Row<?>>();
        ClusterPaths.of(agent.tables.pathStates.snapshot().toMap()).forEach((cluster, known) -> {
            var name = Tags.of("cluster", cluster.value());
            current.add(Row.of(name.and("state", "answering"), known.answering()));
            current.add(Row.of(name.and("state", "dead"), known.deadSince().size()));
        });
        paths.register(current, true);
    }

    private void traffic(Counters counters) throws BpfException {
        // Most reasons belong to one hook only: what never happened is no series.
        counters.byReason().stream().filter(counter -> counter.packets() > 0).forEach(counter -> {
            var labels = Tags.of("hook", counter.hook(), "reason", counter.reason());
            count("tombolo_datapath_packets", labels, counter.packets());
        });
        counters.byCluster().forEach((id, traffic) -> {
            var labels = Tags.of("cluster_id", id.toString());
            count("tombolo_cluster_received_packets", labels, traffic.packets());
            count("tombolo_cluster_received_bytes", labels, traffic.bytes());
        });
    }

    private void count(String name, Tags labels, long value) {
        var key = labels.and("name", name);
        if (counted.put(key, value) == null) {
            FunctionCounter.builder(name, counted, all -> all.get(key))
                    .tags(labels)
                    .register(metrics);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
