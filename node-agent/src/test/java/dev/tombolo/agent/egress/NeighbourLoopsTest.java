package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.protocol.EgressMessageCodec;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an agent of the cluster east makes of what its own etcd says of west. */
class NeighbourLoopsTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final IpAddress POD = IpAddress.parse("10.2.1.7");
    private static final TunnelPeer NODE = new TunnelPeer(
            new NodeId(WEST, "node1"), SocketEndpoint.parse("192.0.2.1:51871"), Set.of(Prefix.parse("10.2.1.0/24")));
    private static final PeerDeclaration DECLARED = new PeerDeclaration(
            WEST,
            new ClusterId(2),
            MeshNumbering.CLUSTERS_255,
            List.of(Prefix.parse("10.2.0.0/16")),
            List.of(Prefix.parse("192.0.2.0/24")),
            List.of(),
            PeerQuotas.DEFAULT);

    private final MemoryStore etcd = new MemoryStore(Clock.systemUTC());
    private final MeshTables mesh = new MeshTables();
    private final EgressTables tables = new EgressTables();
    private final NeighbourLoops loops = new NeighbourLoops(
            mesh,
            tables,
            () -> etcd,
            new FollowPace(Duration.ofMinutes(2), Duration.ofMillis(10), Duration.ofMillis(50)),
            Clock.systemUTC());

    @AfterEach
    void stop() {
        loops.close();
    }

    private void declare(boolean consent) {
        mesh.declared.put(WEST, DECLARED.withGateways(consent));
        mesh.rules.put(WEST, new PeerRules(DECLARED.withGateways(consent), List.of()));
        mesh.declared.markInitialized();
        mesh.rules.markInitialized();
        tables.policies.markInitialized();
    }

    private void readMesh() {
        mesh.peers.put(TwoNodes.key(9), NODE);
        mesh.peers.markInitialized();
    }

    private void fill(EgressMessage... messages) throws KvException {
        for (var message : messages) {
            var key = message.key();
            etcd.commit(List.of(Write.put(
                    EgressMessageKeys.cache(key.part(), WEST) + key.leaf(), EgressMessageCodec.encode(message))));
        }
        etcd.commit(List.of(
                Write.put(MeshKeys.HEARTBEAT, Value.of("now")),
                Write.put(EgressMessageKeys.cacheCanary(WEST), Value.of("now"))));
    }

    static EgressMessage.Request billing() {
        var read = TwoNodes.policy("billing", TwoNodes.EGRESS, TwoNodes.OUTSIDE).reading();
        return new EgressMessage.Request(WEST, read.policy().orElseThrow());
    }

    private static EgressMessage.Pod pod(String address) {
        return new EgressMessage.Pod(WEST, IpAddress.parse(address), Map.of("billing", 0));
    }

    @Test
    void aPeerThatMayUseOurGatewaysIsHeard() throws Exception {
        fill(billing(), pod(POD.toString()), pod("8.8.8.8"));
        readMesh();
        declare(true);

        await().until(() -> tables.neighbours.initialized());
        var neighbours = tables.neighbours();
        assertThat(neighbours.requests()).hasSize(1);
        assertThat(neighbours.requests().getFirst().pods()).isEqualTo(Map.of(POD, Map.of("billing", 0)));
        assertThat(neighbours.serves(WEST)).isTrue();
        assertThat(neighbours.peers()).isEqualTo(Map.of(TwoNodes.key(9), NODE));
        assertThat(mesh.refusals.counts()).hasSize(1);
    }

    /** Whoever can write to the local etcd must not open our gateways. */
    @Test
    void withoutConsentNoRequestIsHeard() throws Exception {
        fill(billing(), pod(POD.toString()));
        readMesh();
        declare(false);

        await().until(() -> tables.neighbours.initialized());
        assertThat(tables.neighbours()).isEqualTo(Neighbours.NONE);
    }

    @Test
    void aClusterAloneInThisDoesNotWaitForTheMesh() {
        declare(false);

        await().until(() -> tables.neighbours.initialized());
        assertThat(mesh.peers.initialized()).isFalse();
    }

    @Test
    void aClusterWhosePodsAreServedWaitsUntilItHasBeenRead() throws Exception {
        declare(true);
        await().until(() -> tables.wanted.initialized());
        readMesh();
        assertThat(tables.neighbours.initialized()).isFalse();

        fill(billing(), pod(POD.toString()));
        await().until(() -> tables.neighbours.initialized());
        assertThat(tables.neighbours().serves(WEST)).isTrue();
    }

    @Test
    void aPeerThatLeavesTakesItsRequestsAlong() throws Exception {
        fill(
                billing(),
                pod(POD.toString()),
                new EgressMessage.Offer(new EgressNode(NODE.node(), Map.of(), true, false)));
        readMesh();
        declare(true);
        await().until(() -> tables.neighbours().serves(WEST));

        mesh.declared.remove(WEST);
        mesh.rules.remove(WEST);

        await().untilAsserted(() -> assertThat(tables.neighbours()).isEqualTo(Neighbours.NONE));
    }
}
