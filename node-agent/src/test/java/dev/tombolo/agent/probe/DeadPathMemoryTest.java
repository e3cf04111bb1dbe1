package dev.tombolo.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.probe.PathState.Answer;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadPathMemoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant SINCE = NOW.minus(Duration.ofHours(3));
    private static final NodeId NODE = new NodeId(new ClusterName("west"), "n1");
    private static final IpAddress ADDRESS = IpAddress.parse("100.64.128.1");

    @TempDir
    Path state;

    private final Table<NodeId, MeshNode> nodes = new Table<>("nodes");

    @Test
    void theNextAgentKnowsWhatIsDeadBeforeAnythingIsPlanned() throws IOException {
        var before = new Table<NodeId, PathState>("states");
        nodes.put(NODE, node());
        try (var _ = memory(before).start()) {
            before.put(NODE, new PathState(Answer.DEAD, SINCE));
            await().until(() -> Files.exists(file().file()));
        }
        var after = new Table<NodeId, PathState>("states");
        assertThat(memory(after).remembered()).isEqualTo(Map.of(NODE, new DeadPath(ADDRESS, SINCE)));
        assertThat(after.snapshot().toMap()).isEqualTo(Map.of(NODE, new PathState(Answer.DEAD, SINCE)));
    }

    @Test
    void whatWasDeadAndAnswersIsNotRemembered() throws IOException {
        file().write(Map.of(NODE, new DeadPath(ADDRESS, SINCE)), NOW);
        var states = new Table<NodeId, PathState>("states");
        try (var _ = memory(states).start()) {
            states.put(NODE, new PathState(Answer.ANSWERS, NOW));
            await().until(() -> Files.notExists(file().file()));
        }
    }

    @Test
    void aNodeThatIsNotHeardOfYetStaysRemembered() throws IOException {
        file().write(Map.of(NODE, new DeadPath(ADDRESS, SINCE)), NOW.minus(Duration.ofMinutes(2)));
        try (var _ = memory(new Table<>("states")).start()) {
            await().until(() -> Files.readString(file().file()).startsWith("dead-paths 1 boot " + NOW));
        }
        assertThat(file().read(NOW)).containsOnlyKeys(NODE);
    }

    @Test
    void aNameThatIsNoneSpoilsNothingElse() throws IOException {
        var strange = new NodeId(new ClusterName("west"), "n 2\n");
        file().write(Map.of(NODE, new DeadPath(ADDRESS, SINCE), strange, new DeadPath(ADDRESS, SINCE)), NOW);
        assertThat(file().read(NOW)).containsOnlyKeys(NODE);
    }

    @Test
    void whatIsOldOrOfAnotherBootIsNotBelieved() throws IOException {
        file().write(Map.of(NODE, new DeadPath(ADDRESS, SINCE)), NOW);
        assertThat(file().read(NOW.plus(DeadPathFile.BELIEVED_FOR))).containsOnlyKeys(NODE);
        assertThat(file().read(NOW.plus(DeadPathFile.BELIEVED_FOR).plusMillis(1)))
                .isEmpty();
        assertThat(file().read(NOW.minus(DeadPathFile.BELIEVED_FOR).minusMillis(1)))
                .isEmpty();
        assertThat(new DeadPathFile(file().file(), "another").read(NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "dead-paths 2 boot 2026-01-01T12:00:00Z",
                "dead-paths 1 boot yesterday",
                "dead-paths 1 boot 2026-01-01T12:00:00Z\nwest n1 100.64.128.1",
                "dead-paths 1 boot 2026-01-01T12:00:00Z\nWEST! n1 100.64.128.1 2026-01-01T09:00:00Z",
                "dead-paths 1 boot 2026-01-01T12:00:00Z\nwest n1 nowhere 2026-01-01T09:00:00Z",
                "dead-paths 1 boot 2026-01-01T12:00:00Z\nwest n1 100.64.128.1 2026-01-01T12:00:01Z",
                "dead-paths 1 boot 2026-01-01T12:00:00Z\nwest n1 100.64.128.1 2026-01-01T09:00:00Z\nwest n2"
            })
    void aFileThatWeHaveNotWrittenIsIgnored(String text) throws IOException {
        Files.writeString(file().file(), text);
        assertThat(file().read(NOW)).isEmpty();
    }

    private DeadPathFile file() {
        return new DeadPathFile(state.resolve("dead-paths"), "boot");
    }

    private DeadPathMemory memory(Table<NodeId, PathState> states) {
        return new DeadPathMemory(file(), nodes, states, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static MeshNode node() {
        return new MeshNode(
                NODE,
                new ClusterId(2),
                List.of(IpAddress.parse("192.0.2.11")),
                List.of(),
                List.of(ADDRESS),
                List.of(),
                Optional.empty(),
                51_871,
                Map.of(),
                "");
    }
}
