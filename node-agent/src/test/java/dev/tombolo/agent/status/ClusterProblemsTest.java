package dev.tombolo.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.probe.PathState;
import dev.tombolo.agent.probe.PathState.Answer;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterProblemsTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final SourceState FRESH = new SourceState.Fresh();
    private static final SourceState STALE = new SourceState.Stale(THEN, "no heartbeat");

    private static List<Problem> problems(SourceState state, Answer... answers) {
        var states = new HashMap<NodeId, PathState>();
        for (int i = 0; i < answers.length; i++) {
            states.put(new NodeId(WEST, "n" + i), new PathState(answers[i], THEN));
        }
        return Problems.ofClusters(Map.of(WEST, state), ClusterPaths.of(states), 51_871);
    }

    @Test
    void aFreshMeshWithDeadPathsIsNamedWithItsFix() {
        var problem = problems(FRESH, Answer.DEAD, Answer.DEAD).getFirst();
        assertThat(problem.what()).isEqualTo("cluster west");
        assertThat(problem.message()).contains("none of its 2 paths answers since 2026-01-01T00:00:00Z", "fresh");
        assertThat(problem.fix()).contains("UDP port 51871");
    }

    @Test
    void aStaleMeshWhosePathsAnswerIsSaidToCarryTraffic() {
        assertThat(problems(STALE, Answer.ANSWERS, Answer.ANSWERS))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("stale since", "no heartbeat", "2 of 2 paths answer, so traffic goes on"));
        assertThat(problems(STALE).getFirst().message()).endsWith("no heartbeat");
    }

    @Test
    void aStaleMeshWithDeadPathsIsDead() {
        assertThat(problems(STALE, Answer.DEAD))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("dead: stale since"));
    }

    @Test
    void singleDeadPathsAreNamedUpToThree() {
        assertThat(problems(FRESH, Answer.ANSWERS, Answer.DEAD))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).isEqualTo("path to node n1 of cluster west"));
        assertThat(problems(FRESH, Answer.ANSWERS, Answer.DEAD, Answer.DEAD, Answer.DEAD, Answer.DEAD, Answer.DEAD))
                .hasSize(4)
                .last()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("2 more are dead"));
    }

    @Test
    void noPathsAndAFreshMeshIsNoProblem() {
        assertThat(problems(FRESH)).isEmpty();
        assertThat(problems(FRESH, Answer.ANSWERS)).isEmpty();
    }
}
