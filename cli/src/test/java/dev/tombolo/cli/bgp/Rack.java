package dev.tombolo.cli.bgp;

import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.InstanceStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.label.SelectorSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster in which BGP was declared, as a command reads it. */
final class Rack {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final List<BgpClusterConfigObject> configs = new ArrayList<>();
    private final List<BgpPeerConfigObject> peerConfigs = new ArrayList<>();
    private final List<BgpAdvertisementObject> advertisements = new ArrayList<>();
    private final List<BgpNodeConfigObject> reports = new ArrayList<>();
    private final List<KubeNode> nodes = new ArrayList<>();
    private final List<MeshNodeObject> agents = new ArrayList<>();

    ObservedBgp seen() {
        return new ObservedBgp(configs, peerConfigs, advertisements, reports, nodes, agents);
    }

    BgpSessions sessions() {
        return BgpSessionsPlan.of(seen(), NOW);
    }

    /** A node whose agent was heard of lately. */
    Rack node(String name, String rack, String... annotations) {
        return silentNode(name, rack, annotations).agent(name, NOW);
    }

    Rack silentNode(String name, String rack, String... annotations) {
        nodes.add(new KubeNode(
                name,
                "",
                Map.of("rack", rack),
                annotations(annotations),
                List.of(),
                List.of(),
                List.of(),
                true,
                "",
                false));
        return this;
    }

    Rack agent(String name, Instant heartbeat) {
        agents.add(new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "",
                        true,
                        null,
                        List.of(),
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of(heartbeat),
                        List.of())));
        return this;
    }

    /** For the nodes of the rack that it is named after; each is younger than those before. */
    Rack config(String name, Instance... instances) {
        return config(name, name, instances);
    }

    Rack config(String name, String rack, Instance... instances) {
        return annotatedConfig(name, rack, List.of(), instances);
    }

    Rack drainedConfig(String name, String drain, Instance... instances) {
        return annotatedConfig(name, name, List.of(BgpDrain.ANNOTATION, drain), instances);
    }

    private Rack annotatedConfig(String name, String rack, List<String> annotations, Instance... instances) {
        var head = new ObjectHead(
                name,
                "",
                1,
                Optional.of(NOW.plusSeconds(configs.size())),
                Map.of(),
                annotations(annotations.toArray(String[]::new)));
        var spec = new BgpClusterConfigSpec(
                Optional.of(new SelectorSpec(Map.of("rack", rack), List.of())), List.of(instances));
        configs.add(new BgpClusterConfigObject(head, spec, Optional.empty(), null));
        return this;
    }

    Rack egressAddresses() {
        var entry = new BgpAdvertisementSpec.Entry(
                "EgressIP", null, null, Optional.of(new SelectorSpec(Map.of(), List.of())), null);
        var head = new ObjectHead("out", "", 1, Optional.empty(), Map.of(), Map.of());
        advertisements.add(
                new BgpAdvertisementObject(head, new BgpAdvertisementSpec(List.of(entry)), Optional.empty(), null));
        return this;
    }

    Rack report(String node, String instance, PeerStatus... peers) {
        var head = new ObjectHead(node, "", 1, Optional.empty(), Map.of(), Map.of());
        var status = new BgpNodeConfigObject.Status(
                "", List.of(), "", 0, "", List.of(new InstanceStatus(instance, 65_001, List.of(peers))), List.of());
        reports.add(new BgpNodeConfigObject(head, null, status));
        return this;
    }

    static Instance instance(String name, Peer... peers) {
        return new Instance(name, Optional.of(65_001L), Optional.empty(), List.of(peers), List.of());
    }

    static Peer peer(String name, String address, long asn) {
        return new Peer(name, Optional.of(address), Optional.of(asn), Optional.empty(), Optional.empty());
    }

    static PeerStatus up(String name) {
        return status(name, PeerStatus.ESTABLISHED, "", "");
    }

    static PeerStatus down(String name, String reason, String message) {
        return status(name, "idle", reason, message);
    }

    private static PeerStatus status(String name, String state, String reason, String message) {
        return new PeerStatus(
                name,
                "192.0.2.1",
                65_000,
                state,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "tor",
                reason,
                message,
                Optional.empty());
    }

    private static Map<String, String> annotations(String... pairs) {
        return pairs.length == 0 ? Map.of() : Map.of(pairs[0], pairs[1]);
    }
}
