package dev.tombolo.apiserver.bgp;

import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.InstanceStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Reference;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The controller between tables: what it writes is what it reads next. Nodes have the label {@code rack}. */
final class BgpOnTwins extends Clock implements BgpStatusController.Reports {
    final KubeTables kube = KubeTables.empty();
    final BgpTables tables = BgpTables.empty();
    final List<String> writes = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    /** Nodes that are there, and that we have not heard of. */
    final Set<String> news = new HashSet<>();

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean elected = true;
    boolean wanted = true;
    int questions;
    private BgpStatusController controller = controller();

    static BgpOnTwins read() {
        var twins = new BgpOnTwins();
        twins.kube.nodes().markInitialized();
        twins.kube.agents().markInitialized();
        twins.tables.all().forEach(Table::markInitialized);
        return twins;
    }

    private BgpStatusController controller() {
        return new BgpStatusController(kube, tables, this, () -> elected, this);
    }

    /** A process that has just started. */
    void restart() {
        controller = controller();
    }

    void pass() throws IOException {
        controller.pass();
    }

    void node(String name, String rack) {
        kube.nodes()
                .put(
                        name,
                        new KubeNode(
                                name,
                                "",
                                Map.of("rack", rack),
                                Map.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                true,
                                "boot",
                                false));
        heardOf(name);
    }

    void heardOf(String node) {
        var status = new MeshNodeObject.Status(
                "", true, null, List.of(), 0, List.of(), List.of(), List.of(), Optional.of(now), List.of());
        kube.agents().put(node, new MeshNodeObject(node, status));
    }

    /** For the nodes of a rack, with one router that is spoken to as a PeerConfig of that name says. */
    void clusterConfig(String name, long generation, String rack, String peerConfig) {
        var peer = new Peer(
                "tor",
                Optional.of("192.0.2.1"),
                Optional.of(64_501L),
                Optional.empty(),
                Optional.of(new Reference(peerConfig)));
        var spec = new BgpClusterConfigSpec(
                Optional.of(new SelectorSpec(Map.of("rack", rack), List.of())),
                List.of(new Instance("a", Optional.of(64_500L), Optional.empty(), List.of(peer), List.of())));
        tables.clusterConfigs()
                .put(name, new BgpClusterConfigObject(head(name, generation), spec, Optional.empty(), null));
    }

    /** The same, changed by somebody. */
    void clusterConfigAgain(String name, long generation) {
        var old = tables.clusterConfigs().snapshot().get(name).orElseThrow();
        tables.clusterConfigs()
                .put(
                        name,
                        new BgpClusterConfigObject(head(name, generation), old.spec(), old.unreadable(), old.status()));
    }

    void peerConfig(String name) {
        tables.peerConfigs()
                .put(name, new BgpPeerConfigObject(head(name, 1), BgpPeerConfigSpec.EMPTY, Optional.empty(), null));
    }

    void advertisement(String name, String type) {
        var entry = new BgpAdvertisementSpec.Entry(type, null, null, null, null);
        tables.advertisements()
                .put(
                        name,
                        new BgpAdvertisementObject(
                                head(name, 1), new BgpAdvertisementSpec(List.of(entry)), Optional.empty(), null));
    }

    void override(String node, String instance) {
        var spec = new BgpOverrideSpec(List.of(new BgpOverrideSpec.Instance(instance, null, null, null, null)));
        tables.overrides().put(node, new BgpOverrideObject(head(node, 1), spec, Optional.empty(), null));
    }

    /** What a node says of its one session. */
    void said(String node, String clusterConfig, List<String> conflicting, String state, String reason) {
        var peer = new PeerStatus(
                "tor",
                "192.0.2.1",
                64_501,
                state,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "tor",
                reason,
                reason.isEmpty() ? "" : "about " + reason,
                Optional.empty());
        var status = new BgpNodeConfigObject.Status(
                clusterConfig,
                conflicting,
                "",
                3,
                "",
                List.of(new InstanceStatus("a", 64_500, List.of(peer))),
                List.of());
        tables.nodeConfigs().put(node, new BgpNodeConfigObject(head(node, 1), null, status));
    }

    private static ObjectHead head(String name, long generation) {
        return new ObjectHead(name, "uid-" + name, generation, Optional.of(Instant.EPOCH), Map.of(), Map.of());
    }

    /** Its columns, and which conditions hold. */
    String toldClusterConfig(String name) {
        var status = tables.clusterConfigs().snapshot().get(name).orElseThrow().status();
        return status.nodes() + " " + status.sessions() + " " + status.routes() + holding(status.conditions());
    }

    String toldPeerConfig(String name) {
        var status = tables.peerConfigs().snapshot().get(name).orElseThrow().status();
        return status.sessions() + holding(status.conditions());
    }

    String toldAdvertisement(String name) {
        return holding(tables.advertisements()
                .snapshot()
                .get(name)
                .orElseThrow()
                .status()
                .conditions());
    }

    String toldOverride(String node) {
        return holding(
                tables.overrides().snapshot().get(node).orElseThrow().status().conditions());
    }

    ObservedCondition missingPeerConfigs(String clusterConfig) {
        return tables.clusterConfigs().snapshot().get(clusterConfig).orElseThrow().status().conditions().stream()
                .filter(condition -> condition.type().equals("cilium.io/MissingPeerConfigs"))
                .findFirst()
                .orElseThrow();
    }

    private static String holding(List<ObservedCondition> conditions) {
        return conditions.stream()
                .filter(ObservedCondition::holds)
                .map(condition ->
                        " " + condition.type().substring(condition.type().indexOf('/') + 1) + "(" + condition.message()
                                + ")")
                .collect(Collectors.joining());
    }

    @Override
    public boolean wanted() {
        questions++;
        return wanted;
    }

    private void write(String what) throws IOException {
        if (broken.contains(what)) {
            throw new IOException(what + " refused");
        }
        writes.add(what);
    }

    @Override
    public void clusterConfig(String name, BgpClusterConfigObject.Status status) throws IOException {
        write("cluster config " + name);
        var old = tables.clusterConfigs().snapshot().get(name).orElseThrow();
        tables.clusterConfigs().put(name, new BgpClusterConfigObject(old.head(), old.spec(), old.unreadable(), status));
    }

    @Override
    public void peerConfig(String name, BgpPeerConfigObject.Status status) throws IOException {
        write("peer config " + name);
        var old = tables.peerConfigs().snapshot().get(name).orElseThrow();
        tables.peerConfigs().put(name, new BgpPeerConfigObject(old.head(), old.spec(), old.unreadable(), status));
    }

    @Override
    public void advertisement(String name, BgpAdvertisementObject.Status status) throws IOException {
        write("advertisement " + name);
        var old = tables.advertisements().snapshot().get(name).orElseThrow();
        tables.advertisements().put(name, new BgpAdvertisementObject(old.head(), old.spec(), old.unreadable(), status));
    }

    @Override
    public void override(String name, BgpOverrideObject.Status status) throws IOException {
        write("override " + name);
        var old = tables.overrides().snapshot().get(name).orElseThrow();
        tables.overrides().put(name, new BgpOverrideObject(old.head(), old.spec(), old.unreadable(), status));
    }

    @Override
    public boolean hasNode(String name) {
        return news.contains(name) || kube.nodes().snapshot().get(name).isPresent();
    }

    @Override
    public void removeNodeConfig(String node) throws IOException {
        write("remove " + node);
        tables.nodeConfigs().remove(node);
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
}
