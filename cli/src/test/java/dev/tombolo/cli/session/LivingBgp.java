package dev.tombolo.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.Content;
import dev.tombolo.kube.object.BgpNodeConfigObject.Instance;
import dev.tombolo.kube.object.BgpNodeConfigObject.InstanceStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.Peer;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.RouteCount;
import dev.tombolo.kube.object.BgpNodeConfigObject.Timers;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomKinds.Kind;
import dev.tombolo.model.bgp.BgpDrain;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is of BGP in a living cluster: a rack of two nodes with two routers, and what agents say of them. */
final class LivingBgp {
    private static final String INSTANCE = """
            {"name":"main","localASN":65001,"peers":[
              {"name":"tor1","peerASN":65000,"peerAddress":"192.0.2.1","peerConfigRef":{"name":"tor"}},
              {"name":"tor2","peerASN":65000,"peerAddress":"2001:db8::1","peerConfigRef":{"name":"tor"}}]}""";

    private static final BfdStatus UNWATCHED = new BfdStatus(
            "down", Optional.of(Instant.EPOCH), "NotAnswered", "the router does not speak BFD with this node");

    private final KubernetesClient client;
    private final KubeApi api;
    private final Instant begin;

    LivingBgp(KubernetesClient client, KubeApi api, Instant begin) {
        this.client = client;
        this.api = api;
        this.begin = begin;
    }

    /** False for what has nothing to do with BGP. */
    boolean happens(String what) throws IOException {
        switch (what) {
            case "has Cilium's BGP" -> category("cilium");
            case "has BGP" -> category("tombolo");
            case "nodes n1 and n2 are in rack0, n3 in none" -> {
                create("apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {rack: rack0}}");
                create("apiVersion: v1\nkind: Node\nmetadata: {name: n2, labels: {rack: rack0}}");
                create("apiVersion: v1\nkind: Node\nmetadata: {name: n3}");
            }
            case "rack0 has two routers" -> rack0();
            case "n1 and n2 speak to both" -> {
                report("n1", up("tor1", "192.0.2.1"), up("tor2", "2001:db8::1"));
                report("n2", up("tor1", "192.0.2.1"), up("tor2", "2001:db8::1"));
            }
            case "tor1 speaks BFD with n1, and not with n2" -> {
                report(
                        "n1",
                        watched(new BfdStatus("up", Optional.of(Instant.EPOCH), "", "")),
                        up("tor2", "2001:db8::1"));
                report("n2", watched(UNWATCHED), up("tor2", "2001:db8::1"));
            }
            case "tor2 is switched off" -> {
                report("n1", up("tor1", "192.0.2.1"), down("tor2", "2001:db8::1"));
                report("n2", up("tor1", "192.0.2.1"), down("tor2", "2001:db8::1"));
            }
            case "rack0 leaves a port to its agents" ->
                edit(
                        "rack0",
                        "{\"spec\":{\"bgpInstances\":[" + INSTANCE.replace("65001", "65001,\"localPort\":179") + "]}}");
            case "rack1 is for no node" -> config("rack1", "rack1", 65000);
            case "rack1 is for rack0 too" ->
                edit("rack1", "{\"spec\":{\"nodeSelector\":{\"matchLabels\":{\"rack\":\"rack0\"}}}}");
            case "rack1 takes any router" -> {
                delete("rack1");
                config("rack1", "rack1", 0);
            }
            case "rack1 is deleted" -> delete("rack1");
            case "rack0 is drained for 30 s" -> drained(annotations(CustomKinds.BGP_CLUSTER_CONFIG, "rack0"));
            case "n2 is drained for 30 s" ->
                drained(client.nodes().withName("n2").get().getMetadata().getAnnotations());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void rack0() {
        create(CustomKinds.BGP_PEER_CONFIG, """
                apiVersion: cilium.io/v2
                kind: CiliumBGPPeerConfig
                metadata: {name: tor}
                spec: {timers: {connectRetryTimeSeconds: 12}}
                """);
        create(CustomKinds.BGP_CLUSTER_CONFIG, """
                apiVersion: cilium.io/v2
                kind: CiliumBGPClusterConfig
                metadata: {name: rack0}
                spec:
                  nodeSelector: {matchLabels: {rack: rack0}}
                  bgpInstances: [%s]
                """.formatted(INSTANCE.replaceAll("\\s+", "")));
    }

    private void config(String name, String rack, int asn) {
        create(CustomKinds.BGP_CLUSTER_CONFIG, """
                apiVersion: cilium.io/v2
                kind: CiliumBGPClusterConfig
                metadata: {name: %s}
                spec:
                  nodeSelector: {matchLabels: {rack: %s}}
                  bgpInstances:
                    - {name: main, localASN: 65001, peers: [{name: tor3, peerASN: %d, peerAddress: 192.0.2.3}]}
                """.formatted(name, rack, asn));
    }

    private static PeerStatus up(String name, String address) {
        return new PeerStatus(
                name,
                address,
                65_000,
                PeerStatus.ESTABLISHED,
                Optional.of(new Timers(90, 30)),
                Optional.of(Instant.now().minus(Duration.ofHours(97))),
                List.of(new RouteCount("ipv4", "unicast", 0, 3), new RouteCount("ipv6", "unicast", 0, 1)),
                "tor",
                "",
                "",
                Optional.empty());
    }

    private static PeerStatus watched(BfdStatus bfd) {
        var peer = up("tor1", "192.0.2.1");
        return new PeerStatus(
                peer.name(),
                peer.peerAddress(),
                peer.peerASN(),
                peer.peeringState(),
                peer.timers(),
                peer.establishedTime(),
                peer.routeCount(),
                peer.peerConfig(),
                "",
                "",
                Optional.of(bfd));
    }

    private static PeerStatus down(String name, String address) {
        return new PeerStatus(
                name,
                address,
                65_000,
                "active",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "tor",
                "NotEstablished",
                "the router does not answer yet",
                Optional.empty());
    }

    private void report(String node, PeerStatus... peers) throws IOException {
        var held = List.of(
                new Peer("tor1", "192.0.2.1", 65_000, "192.0.2.9", Optional.empty()),
                new Peer("tor2", "2001:db8::1", 65_000, "2001:db8::9", Optional.empty()));
        var spec = new BgpNodeConfigObject.Spec(List.of(new Instance("main", 65_001, "192.0.2.9", held)));
        var status = new BgpNodeConfigObject.Status(
                "rack0", List.of(), "", 0, "", List.of(new InstanceStatus("main", 65_001, List.of(peers))), List.of());
        api.writes().bgp().nodeConfig(node).put(node, new Content(spec, status));
    }

    private void drained(Map<String, String> annotations) {
        var drain = BgpDrain.parse(annotations.get(BgpDrain.ANNOTATION));
        assertThat(drain.grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(drain.since())
                .hasValueSatisfying(since -> assertThat(since).isBetween(begin.minusSeconds(1), Instant.now()));
    }

    private Map<String, String> annotations(Kind kind, String name) {
        return client.genericKubernetesResources(kind.context())
                .withName(name)
                .get()
                .getMetadata()
                .getAnnotations();
    }

    /** The first of its kinds has what tells whose they are. */
    private void category(String whose) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("ciliumbgpclusterconfigs.cilium.io")
                .edit(definition -> {
                    definition.getSpec().getNames().setCategories(List.of(whose));
                    return definition;
                });
    }

    private void edit(String config, String patch) {
        client.genericKubernetesResources(CustomKinds.BGP_CLUSTER_CONFIG.context())
                .withName(config)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private void delete(String config) {
        client.genericKubernetesResources(CustomKinds.BGP_CLUSTER_CONFIG.context())
                .withName(config)
                .delete();
    }

    private void create(String yaml) {
        client.resource(yaml).create();
    }

    private void create(Kind kind, String yaml) {
        client.genericKubernetesResources(kind.context())
                .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
    }
}
