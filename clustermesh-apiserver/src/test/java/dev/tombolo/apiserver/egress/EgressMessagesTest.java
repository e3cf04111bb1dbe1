package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.mirror.EgressMirror;
import dev.tombolo.apiserver.mirror.PeerOffers;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cluster1 has a policy with gateways in cluster2; between them are two etcds and what the mesh servers do. */
class EgressMessagesTest {
    private static final Duration LEASE = Duration.ofMinutes(15);
    private static final ClusterName CLUSTER1 = Rows.CLUSTER1.name();
    private static final ClusterName CLUSTER2 = new ClusterName("cluster2");
    private static final String POLICY = "tombolo/egress-cache/v1/cluster1/policies/billing";
    private static final String POD = "tombolo/egress-cache/v1/cluster1/pods/10.1.1.5";
    private final MemoryStore etcd1 = new MemoryStore(Clock.systemUTC());
    private final MemoryStore etcd2 = new MemoryStore(Clock.systemUTC());
    private final KubeTables kube = KubeTables.empty();
    private final EgressTables tables = EgressTables.start(kube, CLUSTER1, () -> true);
    private final PeerOffers offers = new PeerOffers();
    private final PeerDeclaration cluster1 = new PeerDeclaration(
            CLUSTER1,
            Rows.CLUSTER1.id(),
            Rows.CLUSTER1.numbering(),
            List.of(Prefix.parse("10.1.0.0/16")),
            List.of(Prefix.parse("172.30.1.0/24")),
            List.of(Prefix.parse("100.64.64.0/18")),
            PeerQuotas.DEFAULT);
    private Announcements announcements1;
    private Announcements announcements2;
    private EgressMessages messages;
    private EgressMirror mirror;

    @BeforeEach
    void start() throws Exception {
        etcd1.commit(List.of(Write.put(MeshKeys.HEARTBEAT, Value.of("now"))));
        announcements1 = announcements(etcd1);
        announcements1.config(CLUSTER1, new ClusterConfig(1, true, false, 255));
        announcements2 = announcements(etcd2);
        policy("cluster2");
        var pod = Rows.pod("billing", "10.1.1.5", Map.of("app", "billing"));
        kube.pods().put(pod.key(), pod);
        kube.namespaces().put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        kube.nodes()
                .put(
                        "node1",
                        new KubeNode(
                                "node1",
                                "",
                                Map.of("egress", "yes"),
                                Map.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                true,
                                "boot",
                                false));
        peer(Map.of());
        List.of(kube.nodes(), kube.namespaces(), kube.pods(), kube.peers(), kube.egressPolicies())
                .forEach(Table::markInitialized);
        tables.owners().markInitialized();
        messages = new EgressMessages(
                kube, tables, CLUSTER1, etcd1, LEASE, announcements1, (_, _) -> {}, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        if (mirror != null) {
            mirror.close();
        }
        messages.close();
        tables.close();
        announcements1.close();
        announcements2.close();
    }

    private static Announcements announcements(MemoryStore store) {
        var announcements = new Announcements(store, LEASE, Clock.systemUTC());
        announcements.complete();
        return announcements;
    }

    private void peer(Map<String, String> annotations) {
        var spec = new MeshPeerObject.Spec(2, List.of(), "", "", "", List.of(), List.of(), "", 255, Optional.empty());
        kube.peers().put("cluster2", new MeshPeerObject("cluster2", "", 1, false, annotations, spec, null));
    }

    private void policy(String cluster) {
        var pods = new SelectorSpec(Map.of("app", "billing"), null);
        var source = new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty());
        var gateways = new SelectorSpec(Map.of("egress", "yes"), null);
        var gateway = new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.of("192.0.2.10"));
        var spec = new EgressPolicySpec(
                List.of(source), List.of("198.51.100.0/24"), List.of(), Optional.of(gateway), List.of());
        kube.egressPolicies()
                .put(
                        "billing",
                        new EgressPolicyObject(
                                "billing",
                                "uid",
                                1,
                                Optional.of(Instant.EPOCH),
                                Map.of("egress.tombolo.dev/cluster", cluster),
                                spec,
                                null));
    }

    private void follow(boolean consent) throws Exception {
        var declared = cluster1.withGateways(consent);
        var pace = new FollowPace(Duration.ofMinutes(2), Duration.ofMillis(10), Duration.ofMillis(50));
        mirror = new EgressMirror(
                CLUSTER2,
                new PeerRules(declared, List.of(Prefix.parse("10.2.0.0/16"))),
                new EgressMirror.Around(etcd2, LEASE, announcements2, pace, Clock.systemUTC(), offers));
        mirror.follow(() -> etcd1, declared);
    }

    private Map<String, Value> copied() throws KvException {
        return etcd2.list(EgressMessageKeys.CACHE).values();
    }

    private void awaitComplete() {
        await().until(() -> etcd2.get(EgressMessageKeys.cacheCanary(CLUSTER1)).isPresent());
    }

    @Test
    void aPolicyAndItsPodsComeToTheClusterOfTheGateways() throws Exception {
        follow(true);
        awaitComplete();
        assertThat(copied()).containsOnlyKeys(POLICY, POD);

        kube.pods().remove(Rows.pod("billing", "10.1.1.5", Map.of()).key());
        await().untilAsserted(() -> assertThat(copied()).containsOnlyKeys(POLICY));

        policy("cluster3");
        await().untilAsserted(() -> assertThat(copied()).isEmpty());
    }

    @Test
    void withoutConsentNothingIsCopiedAndItIsSaidWhatIsMissing() throws Exception {
        follow(false);
        awaitComplete();
        assertThat(copied()).isEmpty();
        assertThat(mirror.refused()).isEqualTo(Map.of(Invalid.Reason.NOT_ALLOWED, 2L));
        assertThat(mirror.refusalExamples().get(Invalid.Reason.NOT_ALLOWED).expected())
                .contains("MeshPeer cluster1 has the annotation egress.tombolo.dev/may-use-gateways=true");
    }

    @Test
    void consentMayComeLaterAndIsTakenBackWithTheCopy() throws Exception {
        follow(false);
        awaitComplete();
        mirror.rules(new PeerRules(cluster1.withGateways(true), List.of()));
        await().untilAsserted(() -> assertThat(copied()).containsOnlyKeys(POLICY, POD));
        mirror.rules(new PeerRules(cluster1, List.of()));
        await().untilAsserted(() -> assertThat(copied()).isEmpty());
    }

    @Test
    void nodesAreOfferedOnlyToAPeerThatMayUseThem() throws Exception {
        follow(false);
        awaitComplete();
        assertThat(offers.nodes().snapshot().toMap()).isEmpty();

        peer(Map.of(EgressConsent.ANNOTATION, "true"));
        var node = new NodeId(CLUSTER1, "node1");
        await().until(() -> offers.nodes().snapshot().get(node).isPresent());
        assertThat(offers.nodes().snapshot().toMap())
                .isEqualTo(Map.of(node, new EgressNode(node, Map.of("egress", "yes"), true, false)));

        var floating = IpAddress.parse("192.0.2.10");
        tables.owners().put(floating, new EgressOwner(node, 1, "out#0", Instant.EPOCH));
        await().untilAsserted(() -> assertThat(offers.nodes().snapshot().get(node))
                .map(EgressNode::holds)
                .contains(Set.of(floating)));

        mirror.remove();
        assertThat(offers.nodes().snapshot().toMap()).isEmpty();
        assertThat(copied()).isEmpty();
        mirror = null;
    }

    @Test
    void whatThePeerMayNotSayIsCountedAndTheRestIsCopied() throws Exception {
        String to = EgressMessageKeys.to(CLUSTER1, CLUSTER2);
        messages.close();
        etcd1.commit(List.of(
                Write.put(to + "pods/10.2.0.5", pod("cluster1", "10.2.0.5")),
                Write.put(to + "pods/8.8.8.8", pod("cluster1", "8.8.8.8")),
                Write.put(to + "pods/10.1.1.6", pod("cluster3", "10.1.1.6")),
                Write.put(to + "pods/10.1.1.7", Value.of("x".repeat(9_000))),
                Write.put(to + "pods/10.1.1.8", Value.of("{not json")),
                Write.put(to + "pods/10.1.1.9", pod("cluster1", "10.1.1.9")),
                Write.put(EgressMessageKeys.stateCanary(CLUSTER1), Value.of("now"))));
        follow(true);
        await().untilAsserted(() -> assertThat(mirror.refused())
                .isEqualTo(Map.of(
                        Invalid.Reason.ADDRESS_IS_OURS, 1L,
                        Invalid.Reason.ADDRESS_NOT_DECLARED, 1L,
                        Invalid.Reason.WRONG_CLUSTER, 1L,
                        Invalid.Reason.TOO_LARGE, 1L,
                        Invalid.Reason.MALFORMED, 1L)));
        await().until(() -> copied().containsKey("tombolo/egress-cache/v1/cluster1/pods/10.1.1.9"));
    }

    private static Value pod(String cluster, String address) {
        return Value.of(
                "{\"cluster\":\"" + cluster + "\",\"address\":\"" + address + "\",\"policies\":{\"billing\":0}}");
    }
}
