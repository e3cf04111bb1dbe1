package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.status.UnreadAddresses;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.testkit.twin.MapTarget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnAddressesTest {
    private static final ClusterName EAST = new ClusterName("east");
    private static final Prefix BEFORE = Prefix.parse("10.1.1.4/32");
    private static final Prefix POD = Prefix.parse("10.1.1.5/32");
    private static final IpcacheEntry WEB = new IpcacheEntry(65_537, 0, 1, IpcacheEntry.LOCAL);

    private final MemoryStore etcd = new MemoryStore(Clock.systemUTC());
    private final MapTarget<Prefix, IpcacheEntry> ipcache = new MapTarget<>();
    private final Table<String, KubeNode> nodes = new Table<>("nodes");
    private final Table<ClusterName, PeerDeclaration> peers = new Table<>("peers");

    @Test
    void rowsOfBeforeStayUntilTheMeshServerHasSaidEverythingAndFollowItThen() throws Exception {
        ipcache.put(BEFORE, WEB);
        nodes.markInitialized();
        peers.markInitialized();
        pod(POD);
        write(MeshKeys.HEARTBEAT);
        var self = new OwnAddresses.Self(EAST, new ClusterId(1), "node1", Prefix.parse("100.64.64.0/18"));
        var around = new OwnAddresses.Surroundings(nodes, peers);
        try (var own = OwnAddresses.start(
                self, around, () -> etcd, FollowPace.DEFAULT, new Refusals(), ipcache, Clock.systemUTC())) {
            await().during(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(ipcache.rows()).containsOnlyKeys(BEFORE));
            assertThat(UnreadAddresses.problem(own.state(), Instant.EPOCH, Instant.EPOCH.plusSeconds(61)))
                    .hasValueSatisfying(problem -> assertThat(problem.message()).contains("waiting for its canaries"));
            write(MeshKeys.stateCanary(Kind.IPS, EAST));
            await().untilAsserted(() -> assertThat(ipcache.rows()).containsOnlyKeys(POD));
            assertThat(ipcache.rows()).containsEntry(POD, WEB);
            etcd.commit(List.of(new Write.Delete(key(POD))));
            await().untilAsserted(() -> assertThat(ipcache.rows()).isEmpty());
        }
    }

    private void pod(Prefix prefix) throws KvException {
        var endpoint = new MeshEndpoint(
                prefix, Optional.empty(), new SecurityIdentity(65_537), 255, MeshEndpoint.Pod.NONE, List.of());
        etcd.commit(List.of(Write.put(key(prefix), EndpointCodec.encode(endpoint))));
    }

    private void write(String key) throws KvException {
        etcd.commit(List.of(Write.put(key, Value.of("now"))));
    }

    private static String key(Prefix prefix) {
        return MeshKeys.state(Kind.IPS, EAST) + EndpointCodec.leaf(prefix);
    }
}
