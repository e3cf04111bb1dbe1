package dev.tombolo.apiserver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerControllerTest {
    private static final String IP = "cilium/state/ip/v1/default/10.2.1.5";
    private static final String ENDPOINT = "{\"IP\":\"10.2.1.5\",\"HostIP\":\"172.30.2.11\",\"ID\":131072}";
    private static final ClusterName CLUSTER2 = new ClusterName("cluster2");

    private final PeersOnTwins mesh = new PeersOnTwins();

    @AfterEach
    void stop() {
        mesh.close();
    }

    private void becomes(State state) {
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("cluster2").state()).isEqualTo(state);
        });
    }

    private void connect() throws Exception {
        mesh.serve(2);
        mesh.put("cluster2", IP, ENDPOINT);
        mesh.declare(PeersOnTwins.peer(2));
        becomes(State.Fresh);
        await().until(() -> mesh.copied("cluster2").size() == 1);
    }

    @Test
    void aDeclaredPeerIsLetInCertifiedAndCopied() throws Exception {
        connect();
        var status = mesh.status("cluster2");
        assertThat(mesh.authority.admitted).containsExactly(CLUSTER2);
        assertThat(status.connected()).isTrue();
        assertThat(status.issuedCertificate()).startsWith("-----BEGIN CERTIFICATE");
        assertThat(status.lastError()).isEmpty();
        assertThat(status.conditions()).extracting(Condition::type).containsExactly("Valid", "Connected");
        assertThat(status.conditions()).allMatch(Condition::holds);
    }

    @Test
    void nothingIsDoneToAnybodyBeforeTheDeclarationsAreListed() throws Exception {
        mesh.authority.admitted.add(CLUSTER2);
        mesh.pass();
        assertThat(mesh.authority.admitted).containsExactly(CLUSTER2);
    }

    @Test
    void aPeerThatIsNotDeclaredAnyMoreLosesEverything() throws Exception {
        connect();
        mesh.objects.remove("cluster2");
        mesh.pass();
        assertThat(mesh.authority.admitted).isEmpty();
        assertThat(mesh.copied("cluster2")).isEmpty();
        assertThat(mesh.local.get(MeshKeys.clusterConfig(CLUSTER2))).isEmpty();
    }

    @Test
    void aPeerThatWasDeletedWhileTheProcessWasDownLosesEverythingToo() throws Exception {
        connect();
        mesh.objects.remove("cluster2");
        mesh.restart();
        mesh.pass();
        assertThat(mesh.authority.admitted).isEmpty();
        await().until(() -> mesh.copied("cluster2").isEmpty());
    }

    @Test
    void anExpulsionThatFailsKeepsNobodyElseWaiting() throws Exception {
        connect();
        mesh.serve(3);
        mesh.declare(PeersOnTwins.peer(3));
        becomes(State.Fresh);
        mesh.objects.remove("cluster2");
        mesh.authority.failure = Optional.of(new IOException("the kernel refuses"));
        assertThatThrownBy(mesh::pass).hasMessage("the kernel refuses");
        assertThat(mesh.copied("cluster2")).isEmpty();
        assertThat(mesh.status("cluster3").state()).isIn(State.Fresh, State.Connecting);

        mesh.authority.failure = Optional.empty();
        mesh.pass();
        assertThat(mesh.authority.admitted).containsExactly(new ClusterName("cluster3"));
    }

    @Test
    void anInvalidDeclarationIsExplainedAndTakesNothingAway() throws Exception {
        connect();
        var object = mesh.objects.snapshot().get("cluster2").orElseThrow();
        var spec = object.spec();
        mesh.declare(PeersOnTwins.with(
                object,
                new MeshPeerObject.Spec(
                        spec.clusterId(),
                        spec.endpoints(),
                        spec.certificateAuthority(),
                        spec.certificateRequest(),
                        spec.clientCertificate(),
                        List.of("10.1.0.0/16"),
                        spec.nodeCIDRs(),
                        spec.tunnelCIDR(),
                        spec.maxConnectedClusters(),
                        spec.quotas())));
        mesh.pass();
        assertThat(mesh.status("cluster2").lastError().orElseThrow().message())
                .contains("10.1.0.0/16", "do not overlap", "this cluster");
        assertThat(mesh.copied("cluster2")).hasSize(1);
        assertThat(mesh.authority.admitted).containsExactly(CLUSTER2);
    }

    @Test
    void aMeshServerThatIsAwayMakesThePeerStaleAndDeadOnlyWithItsPaths() throws Exception {
        connect();
        mesh.remote("cluster2").cut();
        becomes(State.Stale);
        assertThat(mesh.status("cluster2").staleSince()).isPresent();
        mesh.pathsAnswer.put("cluster2", true);
        becomes(State.Stale);
        mesh.pathsAnswer.put("cluster2", false);
        becomes(State.Dead);
        assertThat(mesh.status("cluster2").staleSince()).isPresent();
        assertThat(mesh.copied("cluster2")).hasSize(1);
        mesh.remote("cluster2").heal();
        becomes(State.Fresh);
        assertThat(mesh.status("cluster2").staleSince()).isEmpty();
    }

    /** As when the peer's mesh server is dead for longer than its leases: every key of it vanishes. */
    @Test
    void keysThatVanishWithThePeersLeasesStayUntilItIsBack() throws Exception {
        connect();
        for (String prefix : List.of(MeshKeys.HEARTBEAT, "cilium/synced/", "cilium/state/")) {
            mesh.remote("cluster2").deletePrefix(prefix);
        }
        becomes(State.Stale);
        assertThat(mesh.copied("cluster2")).hasSize(1);
        mesh.serve(2);
        becomes(State.Fresh);
        await().until(() -> mesh.copied("cluster2").isEmpty());
    }

    @Test
    void deletesThatArriveWhileThePeerIsStaleAreHeld() throws Exception {
        connect();
        mesh.remote("cluster2").commit(List.of(Write.delete(MeshKeys.HEARTBEAT), Write.delete(IP)));
        becomes(State.Stale);
        assertThat(mesh.copied("cluster2")).hasSize(1);
    }

    @Test
    void whatIsAwayOfOursIsSaidAndLeavesThePeersStateStanding() throws Exception {
        connect();
        mesh.authority.failure = Optional.of(new IOException("etcd is away"));
        assertThatThrownBy(mesh::pass).hasMessage("etcd is away");
        var status = mesh.status("cluster2");
        assertThat(status.state()).isEqualTo(State.Fresh);
        assertThat(status.lastError().orElseThrow().message()).isEqualTo("etcd is away");
    }
}
