package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.egress.PolicyEventPlan.PolicyEvent;
import dev.tombolo.apiserver.egress.PoolEventPlan.PoolEvent;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.egress.EgressPoolSpec;
import dev.tombolo.model.label.SelectorSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The status controller between tables: what it writes into a policy is what the next pass reads of it. There are a node
 * {@code node1}, a gateway {@code g1} and a namespace {@code shop}.
 */
final class EgressOnTwins extends Clock implements EgressStatusController.Reports, AutoCloseable {
    final KubeTables kube = KubeTables.empty();
    final List<String> events = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean elected = true;
    boolean ours = true;
    int writes;
    int questions;
    private int made;
    final EgressTables tables = EgressTables.start(kube, Rows.CLUSTER1.name(), () -> false);
    private EgressStatusController controller = controller();

    EgressOnTwins() {
        node("node1", Map.of());
        node("g1", Map.of("egress", "true"));
        kube.namespaces().put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        kube.nodes().markInitialized();
        kube.namespaces().markInitialized();
        kube.pods().markInitialized();
        kube.agents().markInitialized();
        kube.egressPolicies().markInitialized();
        kube.egressPools().markInitialized();
    }

    private EgressStatusController controller() {
        return new EgressStatusController(kube, tables, Rows.CLUSTER1.name(), this, () -> elected, this);
    }

    /** A process that has just started. */
    void restart() {
        controller = controller();
    }

    void pass() throws IOException {
        controller.pass();
    }

    void node(String name, Map<String, String> labels) {
        kube.nodes()
                .put(
                        name,
                        new KubeNode(name, "", labels, Map.of(), List.of(), List.of(), List.of(), true, "boot", false));
    }

    void pod(String name, String ip) {
        KubePod pod = Rows.pod(name, ip, Map.of("app", name));
        kube.pods().put(pod.key(), pod);
    }

    /** Pods of {@code app=web} to everywhere, by the nodes with the label egress. */
    void policy(String name, long generation) {
        policy(name, generation, Map.of());
    }

    void policy(String name, long generation, Map<String, String> annotations) {
        policy(name, generation, annotations, spec("web"));
    }

    static EgressPolicySpec spec(String app) {
        var pods = new SelectorSpec(Map.of("app", app), null);
        var source = new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty());
        var gateways = new SelectorSpec(Map.of("egress", "true"), null);
        var gateway = new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.of("192.0.2.10"));
        return new EgressPolicySpec(List.of(source), List.of("0.0.0.0/0"), List.of(), Optional.of(gateway), List.of());
    }

    /** The same with an address of a pool. */
    void policyOfPool(String name, String pool) {
        var pods = new SelectorSpec(Map.of("app", "web"), null);
        var source = new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty());
        var gateways = new SelectorSpec(Map.of("egress", "true"), null);
        var gateway = new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.empty());
        var spec =
                new EgressPolicySpec(List.of(source), List.of("0.0.0.0/0"), List.of(), Optional.of(gateway), List.of());
        policy(name, 1, Map.of("egress.tombolo.dev/pool", pool), spec);
    }

    void policy(String name, long generation, EgressPolicySpec spec) {
        policy(name, generation, Map.of(), spec);
    }

    private void policy(String name, long generation, Map<String, String> annotations, EgressPolicySpec spec) {
        var before = kube.egressPolicies().snapshot().get(name);
        kube.egressPolicies()
                .put(
                        name,
                        new EgressPolicyObject(
                                name,
                                before.map(EgressPolicyObject::uid).orElseGet(() -> "uid-" + made++),
                                generation,
                                Optional.of(Instant.EPOCH),
                                annotations,
                                spec,
                                before.map(EgressPolicyObject::status).orElse(null)));
    }

    /** What a node's agent says at this moment. */
    void says(String node, EgressProgrammed... held) {
        var status = new MeshNodeObject.Status(
                "", true, null, List.of(), 0, List.of(), List.of(held), List.of(), Optional.of(now), List.of());
        kube.agents().put(node, new MeshNodeObject(node, status));
    }

    EgressPolicyObject.Status status(String policy) {
        return kube.egressPolicies().snapshot().get(policy).orElseThrow().status();
    }

    String programmed(String policy) {
        return condition(policy, "Programmed");
    }

    String condition(String policy, String type) {
        return status(policy).conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(EgressOnTwins::text)
                .findFirst()
                .orElse("");
    }

    private static String text(Condition condition) {
        return condition.status() + " " + condition.reason() + ": " + condition.message();
    }

    @Override
    public boolean wanted() {
        questions++;
        return ours;
    }

    @Override
    public void status(String policy, EgressPolicyObject.Status status) throws IOException {
        if (broken.contains(policy)) {
            throw new IOException("status of " + policy + " refused");
        }
        writes++;
        var old = kube.egressPolicies().snapshot().get(policy).orElseThrow();
        kube.egressPolicies()
                .put(
                        policy,
                        new EgressPolicyObject(
                                policy,
                                old.uid(),
                                old.generation(),
                                old.created(),
                                old.annotations(),
                                old.spec(),
                                status));
    }

    /** Ranges are {@code start-end}. */
    void pool(String name, String... ranges) {
        var before = kube.egressPools().snapshot().get(name);
        var read = Arrays.stream(ranges)
                .map(text -> text.split("-"))
                .map(ends -> new EgressPoolSpec.Range(Optional.empty(), Optional.of(ends[0]), Optional.of(ends[1])))
                .toList();
        kube.egressPools()
                .put(
                        name,
                        new EgressPoolObject(
                                name,
                                before.map(EgressPoolObject::uid).orElseGet(() -> "uid-" + made++),
                                1,
                                Optional.of(Instant.EPOCH),
                                new EgressPoolSpec(read, Optional.empty(), Optional.empty()),
                                before.map(EgressPoolObject::status).orElse(null)));
    }

    EgressPoolObject.Status poolStatus(String pool) {
        return kube.egressPools().snapshot().get(pool).orElseThrow().status();
    }

    @Override
    public void poolStatus(String pool, EgressPoolObject.Status status) {
        writes++;
        var old = kube.egressPools().snapshot().get(pool).orElseThrow();
        kube.egressPools()
                .put(pool, new EgressPoolObject(pool, old.uid(), old.generation(), old.created(), old.spec(), status));
    }

    @Override
    public void event(EgressPolicyObject policy, PolicyEvent event) {
        events.add(policy.name() + " " + event.severity() + " " + event.reason() + ": " + event.message());
    }

    @Override
    public void poolEvent(EgressPoolObject pool, PoolEvent event) {
        events.add("pool " + pool.name() + " " + event.severity() + " " + event.reason() + ": " + event.message());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void close() {
        tables.close();
    }
}
