package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.flow.FlowNames;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.model.net.IpAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Names for what flows are made of, made anew at most once a second: there may be very many pods, and flows. */
final class FlowNaming implements Supplier<FlowNames> {
    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final String node;
    private final EgressTables tables;
    private final Clock clock;
    private FlowNames names;
    private Instant madeAt = Instant.MIN;
    private long pods = -1;
    private long program = -1;

    FlowNaming(String node, EgressTables tables, Clock clock) {
        this.node = node;
        this.tables = tables;
        this.clock = clock;
        names = new FlowNames(node, Map.of(), Map.of());
    }

    @Override
    public synchronized FlowNames get() {
        var now = clock.instant();
        if (now.isBefore(madeAt.plus(GOOD_FOR))) {
            return names;
        }
        madeAt = now;
        var podsNow = tables.pods.snapshot();
        var programNow = tables.program.snapshot();
        if (podsNow.revision() != pods || programNow.revision() != program) {
            pods = podsNow.revision();
            program = programNow.revision();
            names = new FlowNames(node, pods(), policies());
        }
        return names;
    }

    /** The address of one that is being stopped may be another pod's already, which counts. */
    private Map<IpAddress, String> pods() {
        var pods = new HashMap<IpAddress, String>();
        tables.pods
                .snapshot()
                .values()
                .filter(pod -> !pod.hostNetwork())
                .forEach(pod -> pod.addresses().forEach(address -> {
                    if (pod.terminating()) {
                        pods.putIfAbsent(address, pod.fullName());
                    } else {
                        pods.put(address, pod.fullName());
                    }
                }));
        return pods;
    }

    private Map<Integer, String> policies() {
        var policies = new HashMap<Integer, String>();
        tables.program
                .snapshot()
                .get(MeshTables.OWN)
                .ifPresent(program ->
                        program.numbers().policies().numbers().forEach((name, number) -> policies.put(number, name)));
        return policies;
    }
}
