package dev.tombolo.apiserver.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.protocol.ClusterConfigCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerMirrorTest {
    private static final Duration LEASE = Duration.ofMinutes(15);
    private static final ClusterName PEER = new ClusterName("cluster2");
    private static final String IPS = "cilium/state/ip/v1/default/";
    private final MemoryStore local = new MemoryStore(Clock.systemUTC());
    private final MemoryStore remote = new MemoryStore(Clock.systemUTC());
    private final PeerDeclaration declared = new PeerDeclaration(
            PEER,
            Rows.cluster(2).id(),
            Rows.CLUSTER1.numbering(),
            List.of(Prefix.parse("10.2.0.0/16")),
            List.of(Prefix.parse("172.30.2.0/24")),
            List.of(Prefix.parse("100.64.128.0/18")),
            new PeerQuotas(10, 10, 3, 10));
    private final PeerRules rules =
            new PeerRules(declared, List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.3.0.0/16")));
    private Announcements announcements;
    private PeerMirror mirror;

    @BeforeEach
    void start() throws Exception {
        announcements = new Announcements(local, LEASE, Clock.systemUTC());
        announcements.complete();
        mirror = mirror();
        put(MeshKeys.clusterConfig(PEER), ClusterConfigCodec.encode(new ClusterConfig(2, true, false, 255)));
        put(MeshKeys.HEARTBEAT, Value.of("now"));
        for (Kind kind : Kind.values()) {
            put(MeshKeys.stateCanary(kind, PEER), Value.of("now"));
        }
    }

    private PeerMirror mirror() throws KvException {
        var pace = new FollowPace(Duration.ofMinutes(2), Duration.ofMillis(10), Duration.ofMillis(50));
        var around = new EgressMirror.Around(local, LEASE, announcements, pace, Clock.systemUTC(), new PeerOffers());
        var egress = new EgressMirror(Rows.CLUSTER1.name(), rules, around);
        return new PeerMirror(rules, egress, local, LEASE, announcements, pace, Clock.systemUTC(), () -> {});
    }

    @AfterEach
    void stop() {
        mirror.close();
        announcements.close();
    }

    private void put(String key, Value value) throws KvException {
        remote.commit(List.of(Write.put(key, value)));
    }

    private void ip(String address) throws KvException {
        ip(address, 131_072);
    }

    private void ip(String address, long identity) throws KvException {
        put(
                IPS + address,
                Value.of("{\"IP\":\"" + address + "\",\"HostIP\":\"172.30.2.11\",\"ID\":" + identity
                        + ",\"Key\":255,\"Metadata\":\"\",\"unknown\":{}}"));
    }

    private void follow() {
        mirror.follow(() -> remote, declared, _ -> {});
        await().until(() -> mirror.report().state() instanceof SourceState.Fresh);
    }

    private Map<String, Value> copied() throws KvException {
        return local.list("cilium/cache/").values();
    }

    @Test
    void copiesWhatIsBelievedAndCountsTheRest() throws Exception {
        ip("10.2.1.5");
        ip("10.1.1.5");
        ip("10.3.1.5");
        ip("8.8.8.8");
        ip("127.0.0.1");
        ip("10.2.1.6", 65_536);
        put(IPS + "10.2.1.7", Value.of("{not json"));
        put(IPS + "10.2.1.8", Value.of("x".repeat(1_400_000)));
        put(IPS + "10.2.1.9", Value.of("{\"IP\":\"10.2.1.10\",\"ID\":131072}"));
        put("cilium/state/nodes/v1/cluster2/n", Value.of("{\"Name\":\"n\",\"Cluster\":\"cluster3\",\"ClusterID\":2}"));
        put("cilium/state/identities/v1/id/131072", Value.of("k8s:io.cilium.k8s.policy.cluster=cluster2;"));
        follow();
        await().untilAsserted(() -> assertThat(copied().keySet())
                .containsExactlyInAnyOrder(
                        "cilium/cache/ip/v1/cluster2/10.2.1.5", "cilium/cache/identities/v1/cluster2/id/131072"));
        assertThat(mirror.report().refused())
                .containsEntry("ADDRESS_IS_OURS", 2L)
                .containsEntry("ADDRESS_NOT_DECLARED", 1L)
                .containsEntry("ADDRESS_FORBIDDEN", 1L)
                .containsEntry("ID_OUT_OF_RANGE", 1L)
                .containsEntry("MALFORMED", 1L)
                .containsEntry("TOO_LARGE", 1L)
                .containsEntry("WRONG_KEY", 1L)
                .containsEntry("WRONG_CLUSTER", 1L);
    }

    @Test
    void countsARefusalNoMoreOnceTheObjectIsMendedOrGone() throws Exception {
        put(IPS + "10.2.1.7", Value.of("{not json"));
        put(IPS + "10.2.1.8", Value.of("{not json"));
        follow();
        ip("8.8.8.8");
        ip("8.8.8.8", 131_073);
        await().until(() -> mirror.report().refused().equals(Map.of("MALFORMED", 2L, "ADDRESS_NOT_DECLARED", 1L)));
        ip("10.2.1.7");
        remote.commit(List.of(Write.delete(IPS + "10.2.1.8")));
        remote.commit(List.of(Write.delete(IPS + "8.8.8.8")));
        await().until(() -> mirror.report().refused().isEmpty());
        assertThat(copied()).containsOnlyKeys("cilium/cache/ip/v1/cluster2/10.2.1.7");
    }

    @Test
    void believesNoMoreThanTheQuotaAndGoesOn() throws Exception {
        for (int i = 0; i < 50; i++) {
            ip("10.2.1." + (10 + i));
        }
        follow();
        await().until(() -> copied().size() == 3);
        ip("10.2.2.1");
        await().until(() -> mirror.report().refused().get("QUOTA_EXCEEDED") == 48);
        remote.commit(List.of(Write.delete(IPS + "10.2.1.10")));
        ip("10.2.2.2");
        await().until(() -> copied().containsKey("cilium/cache/ip/v1/cluster2/10.2.2.2"));
        assertThat(copied()).hasSize(3);
    }

    @Test
    void keepsEverythingWhenThePeerIsLostAndAppliesDeletesOnceItIsBack() throws Exception {
        ip("10.2.1.5");
        ip("10.2.1.6");
        follow();
        await().until(() -> copied().size() == 2);
        remote.cut();
        await().until(() -> mirror.report().state() instanceof SourceState.Stale);
        assertThat(copied()).hasSize(2);
        await().until(() -> local.get("tombolo/peer-state/cluster2")
                .filter(value -> value.text().contains("Stale"))
                .isPresent());
        remote.heal();
        remote.commit(List.of(Write.delete(IPS + "10.2.1.5")));
        await().until(() -> mirror.report().state() instanceof SourceState.Fresh);
        await().until(() -> copied().size() == 1);
    }

    @Test
    void anotherClusterThanDeclaredIsNotRead() throws Exception {
        put(MeshKeys.clusterConfig(PEER), ClusterConfigCodec.encode(new ClusterConfig(7, true, false, 255)));
        ip("10.2.1.5");
        mirror.follow(() -> remote, declared, _ -> {});
        await().until(() -> mirror.report().lastFailure().isPresent());
        var failure = mirror.report().lastFailure().get();
        assertThat(failure.cause()).isEqualTo(PeerFailure.Cause.ClusterConfigMismatch);
        assertThat(failure.message()).contains("the cluster says id 7, declared is 2");
        assertThat(copied()).isEmpty();
    }

    @Test
    void anotherProcessTakesTheCopyOverWhileThePeerIsAway() throws Exception {
        ip("10.2.1.5");
        follow();
        await().until(() -> copied().size() == 1
                && local.get("cilium/synced/cluster2/cilium/cache/ip/v1").isPresent());
        mirror.close();
        mirror = mirror();
        assertThat(mirror.report().counts()).containsEntry(Kind.IPS, 1);
        assertThat(copied()).hasSize(1);
        assertThat(local.get(MeshKeys.clusterConfig(PEER)).orElseThrow().text()).contains("\"cached\":true");
    }

    @Test
    void removingThePeerLeavesNothingOfIt() throws Exception {
        ip("10.2.1.5");
        follow();
        await().until(() -> copied().size() == 1);
        mirror.remove();
        assertThat(copied()).isEmpty();
        await().until(() -> local.list("").values().isEmpty());
    }
}
