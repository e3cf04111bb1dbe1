package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that a policy selects send nothing under another address, from their first instruction on, agent or none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EgressPodStartTest {
    /** In each cluster, with agents and once more without. */
    private static final int PODS = 50;

    /** What a machine of two processors starts at once without keeping a probe waiting. */
    private static final int BATCH = 25;

    private static final int FEW = 4;

    /** The pods of the first have a bridge, those of the other each a device of its own. */
    private static final List<Integer> CLUSTERS = List.of(1, 2);

    private final Map<String, String> chains = new HashMap<>();
    private MeshLab lab;

    @BeforeAll
    void up() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: the lab needs root");
        lab = MeshLab.bare("e" + ProcessHandle.current().pid(), CLUSTERS.size());
        MeshLab.inEach(CLUSTERS, cluster -> {
            var scene = new PodStartScene(lab, cluster);
            PodStartScene.NODES.forEach(node -> note(cluster, node, scene.chain(node)));
            lab.install(cluster);
            scene.prepare();
        });
    }

    private synchronized void note(int cluster, String node, String chain) {
        chains.put(cluster + node, chain);
    }

    @AfterAll
    void down() {
        if (lab != null) {
            lab.close();
        }
    }

    /** Also the first pods of their nodes, by devices that are made with them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Order(1)
    void newPodsSendUnderTheEgressAddressAlone(int cluster) {
        var scene = new PodStartScene(lab, cluster);
        double before = scene.held();
        try (var leaving = LeavingTraffic.watch(lab, cluster)) {
            for (String batch : batches("selected")) {
                try {
                    scene.start(batch, BATCH, "fixed");
                    scene.awaitAnswered(batch, BATCH);
                } finally {
                    scene.end(batch);
                }
            }
            expectEgressAlone(scene, leaving);
            assertThat(scene.held()).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Order(2)
    void newPodsSendNothingWhileNoAgentRuns(int cluster) {
        var scene = new PodStartScene(lab, cluster);
        var batches = batches("alone");
        double before = scene.held();
        try (var leaving = LeavingTraffic.watch(lab, cluster)) {
            lab.signal("stop", cluster, "tombolo-agent", "agent");
            for (String batch : batches) {
                scene.start(batch, BATCH, "fixed");
                scene.awaitBursts(batch, BATCH);
            }
            scene.start("other", FEW, "none");
            scene.awaitBursts("other", FEW);
            assertThat(leaving.sources()).isEmpty();
            assertThat(batches)
                    .allSatisfy(batch -> assertThat(scene.answered(batch)).isZero());
            scene.end("other");
            KilledContainers.kill(lab, cluster, "tombolo-agent", "agent").awaitBack();
            batches.forEach(batch -> scene.awaitAnswered(batch, BATCH));
            expectEgressAlone(scene, leaving);
            assertThat(scene.held() - before).isGreaterThanOrEqualTo(PODS);
        } finally {
            batches.forEach(scene::end);
        }
    }

    private static List<String> batches(String name) {
        return IntStream.range(0, PODS / BATCH)
                .mapToObj(batch -> name + "-" + batch)
                .toList();
    }

    private static void expectEgressAlone(PodStartScene scene, LeavingTraffic leaving) {
        assertThat(leaving.sources())
                .containsExactlyInAnyOrder(scene.egressIp() + " . tcp", scene.egressIp() + " . udp");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Order(3)
    void podsThatNoPolicySelectsAreLetGo(int cluster) {
        var scene = new PodStartScene(lab, cluster);
        try (var leaving = LeavingTraffic.watch(lab, cluster)) {
            scene.start("free", FEW, "none");
            scene.awaitAnswered("free", FEW);
            assertThat(leaving.sources())
                    .contains("172.30." + cluster + ".11 . tcp", "172.30." + cluster + ".12 . tcp")
                    .noneMatch(source -> source.startsWith(scene.egressIp()));
        } finally {
            scene.end("free");
        }
    }

    @Test
    @Order(4)
    void aChainThatIsWrittenAnewGetsTheHookAgain() {
        var scene = new PodStartScene(lab, 1);
        String chain = chains.get("1node1").strip();
        lab.onNode(1, "node1", "cat > /etc/cni/net.d/10-lab.conflist <<'END'\n" + chain + "\nEND\n");
        MeshLab.await("the hook to be back", () -> scene.chain("node1").contains("tombolo-cni"));
    }

    @Test
    @Order(5)
    void anUninstallLeavesTheCniAsItWas() {
        var scene = new PodStartScene(lab, 2);
        lab.programs.tombolo("uninstall", "--yes", "--context", "cluster2");
        for (String node : PodStartScene.NODES) {
            assertThat(scene.chain(node)).isEqualTo(chains.get("2" + node));
            assertThat(scene.programs(node)).contains("ptp").doesNotContain("tombolo");
        }
        scene.start("after", FEW, "fixed");
        scene.awaitAnswered("after", FEW);
    }
}
