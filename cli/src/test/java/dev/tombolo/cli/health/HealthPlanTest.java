package dev.tombolo.cli.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kube.write.Workloads;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Counts COUNTS = new Counts(2, 3, 4, 1);

    @Test
    void oneScreenWhenAllIsWell() {
        var health = HealthPlan.of(seen(peer(State.Fresh, Map.of()), node(NOW, List.of())), NOW);
        assertThat(health.isWell()).isTrue();
        assertThat(StatusText.of(health)).isEqualTo("""
                        ✅ All is well

                        Cluster   west (id 1)
                        Agents    1 of 1 ready, version 0.1.0
                        Mesh      ready
                        Services  1 global
                        Peer      east: fresh, 2 nodes, 4 endpoints, 1 service
                        """);
    }

    @Test
    void pathsThatAreDeadOrUnknownAreSaidToBeSo() {
        var well = seen(peer(State.Fresh, Map.of()), node(NOW, List.of()));
        var nodes = List.of(
                seeing("n1", new MeshNodeObject.Cluster("east", State.Fresh, Optional.empty(), 3, 4, 1, 2, 1)),
                seeing("n2", new MeshNodeObject.Cluster("east", State.Fresh, Optional.empty(), 3, 4, 1, 0, 0)));
        var seen = new Observed(
                true,
                Map.of(),
                well.mesh(),
                well.peers(),
                nodes,
                well.agents(),
                well.apiserver(),
                List.of(),
                List.of());
        var health = HealthPlan.of(seen, NOW);
        assertThat(health.clusters().getFirst().paths()).isEqualTo(new PathCounts(1, 1, 4));
        assertThat(StatusText.of(health)).contains("1 service; paths: 1 answering, 1 dead, 4 unknown");
    }

    @Test
    void aNodeThatIsSilentIsNotWell() {
        var health = HealthPlan.of(seen(peer(State.Fresh, Map.of()), node(NOW.minusSeconds(91), List.of())), NOW);
        assertThat(health.isWell()).isFalse();
        assertThat(health.nodes().ready()).isZero();
        assertThat(health.problems().getFirst().what()).isEqualTo("node n1 has not been heard of for 1m31s");
    }

    @Test
    void aStalePeerIsNamedWithItsCause() {
        var health = HealthPlan.of(seen(peer(State.Stale, Map.of()), node(NOW, List.of())), NOW);
        assertThat(health.problems()).hasSize(1);
        assertThat(health.problems().getFirst().what())
                .isEqualTo("cluster east is stale for 4m5s: refused, 192.0.2.1:32379 refused the connection");
    }

    @Test
    void aPeerThatIsReadAndWantsAnotherNameIsNotWell() {
        var error = new MeshPeerObject.LastError(
                "CertificateRequestRefused",
                "spec.certificateRequest is refused: read subject CN=root",
                Optional.of(NOW));
        var health = HealthPlan.of(seen(peer(State.Fresh, Map.of(), Optional.of(error)), node(NOW, List.of())), NOW);
        assertThat(health.problems())
                .extracting(Health.Problem::what)
                .containsExactly("cluster east is read, but CertificateRequestRefused: spec.certificateRequest is"
                        + " refused: read subject CN=root");
    }

    @Test
    void refusedObjectsAndFullMapsAreNoSilence() {
        var full = new MeshNodeObject.Problem("map svc_fe", "is full (100 of 100)", "raise tombolo.maps.services");
        var health =
                HealthPlan.of(seen(peer(State.Fresh, Map.of("ADDRESS_IS_OURS", 3L)), node(NOW, List.of(full))), NOW);
        assertThat(health.problems())
                .extracting(Health.Problem::what)
                .containsExactly(
                        "objects of cluster east were refused: 3 ADDRESS_IS_OURS",
                        "node n1: map svc_fe, is full (100 of 100)");
        assertThat(StatusText.of(health)).contains("❌ 2 problems").contains("💡 raise tombolo.maps.services");
    }

    @Test
    void whatWasRefusedForWantOfConsentSaysHowToGiveIt() {
        var health = HealthPlan.of(seen(peer(State.Fresh, Map.of("NOT_ALLOWED", 2L)), node(NOW, List.of())), NOW);
        assertThat(health.problems())
                .extracting(Health.Problem::fix)
                .containsExactly("its pods ask for this cluster's egress gateways; to allow that, kubectl annotate "
                        + "meshpeer east egress.tombolo.dev/may-use-gateways=true");
    }

    @Test
    void whatSeveralNodesSayAlikeIsSaidOnce() {
        var stale = new MeshNodeObject.Problem("cluster east", "stale since 03:00", "see the mesh server");
        var later = new MeshNodeObject.Problem("cluster east", "stale since 03:01", "see the mesh server");
        var full = new MeshNodeObject.Problem("map svc_fe", "is full", "");
        var fuller = new MeshNodeObject.Problem("map svc_fe", "refused a row", "");
        var well = seen(peer(State.Fresh, Map.of()), node("n1", NOW, List.of(stale)));
        var nodes = List.of(
                node("n1", NOW, List.of(stale)),
                node("n2", NOW, List.of(later, full, fuller)),
                node("n3", NOW, List.of(later)),
                node("n4", NOW.minusSeconds(300), List.of(stale)));
        var agents = Optional.of(new Workloads.Rollout(4, 4, true));
        var seen = new Observed(
                true, Map.of(), well.mesh(), well.peers(), nodes, agents, well.apiserver(), List.of(), List.of());
        assertThat(HealthPlan.of(seen, NOW).problems())
                .containsExactly(
                        new Health.Problem(
                                "node n4 has not been heard of for 5m0s",
                                "kubectl -n tombolo-system get pods -o wide, and look at its agent; its state is unknown"),
                        new Health.Problem(
                                "node n1 and 2 more: cluster east, stale since 03:00", "see the mesh server"),
                        new Health.Problem("node n2: map svc_fe, is full", "kubectl describe meshnode n2"),
                        new Health.Problem("node n2: map svc_fe, refused a row", "kubectl describe meshnode n2"));
    }

    @Test
    void nothingInstalledIsSaidWithTheCommandThatInstalls() {
        var health = HealthPlan.of(Observed.NOTHING, NOW);
        assertThat(health.isWell()).isFalse();
        assertThat(health.problems().getFirst().fix()).startsWith("tombolo install");
    }

    @Test
    void agentsThatAreGoneOrNeverReportedAreNoSilence() {
        var well = seen(peer(State.Fresh, Map.of()), node(NOW, List.of()));
        assertThat(problems(well, Optional.empty(), well.apiserver()))
                .containsExactly("DaemonSet tombolo-agent does not exist");
        assertThat(problems(well, Optional.of(new Workloads.Rollout(3, 3, true)), well.apiserver()))
                .containsExactly("1 of 3 agents have reported");
        assertThat(problems(well, well.agents(), Optional.empty()))
                .containsExactly(
                        "the mesh API server is not ready; traffic goes on, changes of other clusters do not arrive");
    }

    private static List<String> problems(
            Observed well, Optional<Workloads.Rollout> agents, Optional<Workloads.Rollout> apiserver) {
        var seen = new Observed(
                true, Map.of(), well.mesh(), well.peers(), well.nodes(), agents, apiserver, List.of(), List.of());
        return HealthPlan.of(seen, NOW).problems().stream()
                .map(Health.Problem::what)
                .toList();
    }

    @Test
    void aPodThatDoesNotStartIsNamedWithWhatTheKubeletSays() {
        var well = seen(peer(State.Fresh, Map.of()), node(NOW, List.of()));
        var waiting =
                new Workloads.Waiting("tombolo-agent-x", "n2", "container agent waits: ErrImagePull, no such image");
        var health = HealthPlan.of(
                new Observed(
                        true,
                        Map.of(),
                        well.mesh(),
                        well.peers(),
                        well.nodes(),
                        Optional.of(new Workloads.Rollout(2, 1, true)),
                        well.apiserver(),
                        List.of(waiting),
                        List.of()),
                NOW);
        assertThat(health.problems())
                .extracting(Health.Problem::what)
                .containsExactly(
                        "1 of 2 agents are ready",
                        "pod tombolo-agent-x on node n2 is not ready: container agent waits: ErrImagePull, no such image");
    }

    private static Observed seen(MeshPeerObject peer, MeshNodeObject node) {
        var ready = Condition.of("Ready", true, "Ready", "", NOW);
        var status = new ClusterMeshObject.Status(
                "west",
                1,
                255,
                List.of("https://192.0.2.9:32379"),
                "",
                "",
                List.of(),
                List.of(),
                "",
                "",
                COUNTS,
                List.of(ready));
        var mesh = new ClusterMeshObject("cluster", 1, ClusterMeshObject.Spec.DEFAULT, status);
        var rollout = new Workloads.Rollout(1, 1, true);
        return new Observed(
                true,
                Map.of(),
                Optional.of(mesh),
                List.of(peer),
                List.of(node),
                Optional.of(rollout),
                Optional.of(rollout),
                List.of(),
                List.of());
    }

    private static MeshPeerObject peer(State state, Map<String, Long> refused) {
        return peer(
                state,
                refused,
                state == State.Stale
                        ? Optional.of(new MeshPeerObject.LastError(
                                "refused", "192.0.2.1:32379 refused the connection", Optional.of(NOW)))
                        : Optional.empty());
    }

    private static MeshPeerObject peer(
            State state, Map<String, Long> refused, Optional<MeshPeerObject.LastError> error) {
        boolean stale = state == State.Stale;
        var status = new MeshPeerObject.Status(
                state,
                !stale,
                stale ? Optional.of(Instant.parse("2026-01-02T03:00:00Z")) : Optional.empty(),
                Optional.empty(),
                COUNTS,
                refused,
                error,
                "",
                Optional.empty(),
                List.of());
        var spec = new MeshPeerObject.Spec(
                2, List.of(), "ca", "", "ours", List.of(), List.of(), "", 255, Optional.empty());
        return new MeshPeerObject("east", "u", 1, false, Map.of(), spec, status);
    }

    private static MeshNodeObject node(Instant heartbeat, List<MeshNodeObject.Problem> errors) {
        return node("n1", heartbeat, errors);
    }

    private static MeshNodeObject node(String name, Instant heartbeat, List<MeshNodeObject.Problem> errors) {
        return node(
                name,
                heartbeat,
                errors,
                new MeshNodeObject.Cluster("east", State.Fresh, Optional.empty(), 2, 4, 1, 2, 2));
    }

    private static MeshNodeObject seeing(String name, MeshNodeObject.Cluster east) {
        return node(name, NOW, List.of(), east);
    }

    private static MeshNodeObject node(
            String name, Instant heartbeat, List<MeshNodeObject.Problem> errors, MeshNodeObject.Cluster east) {
        return new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "0.1.0",
                        true,
                        null,
                        List.of(east),
                        1,
                        List.of(),
                        List.of(),
                        errors,
                        Optional.of(heartbeat),
                        List.of()));
    }
}
