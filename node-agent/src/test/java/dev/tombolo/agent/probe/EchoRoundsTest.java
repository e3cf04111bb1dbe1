package dev.tombolo.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoRoundsTest {
    private static final NodeId NODE = node(1);
    private static final IpAddress HOST = IpAddress.v4(1);

    private static NodeId node(int number) {
        return new NodeId(new ClusterName("west"), "n" + number);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # a round each: a answered, - did not, l we were late and it did not, x was not asked | then
        a         | ANSWERS
        a--       | ANSWERS
        a---      | DEAD
        a--a--    | ANSWERS
        a------a  | ANSWERS
        a---a--   | ANSWERS
        a---a---  | DEAD
        -----     | unknown
        -----a    | ANSWERS
        -----a--  | ANSWERS
        allllllll | ANSWERS
        a--llll   | ANSWERS
        a--llll-  | DEAD
        a--xxxx   | ANSWERS
        a--xxxx-  | DEAD
        a---l     | DEAD
        """)
    void onlyWhoAnsweredCanBeFoundDeadAndOnlyByRoundsThatCount(String story, String expected) {
        var rounds = new EchoRounds(10, Map.of());
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        var known = new HashMap<NodeId, Object>();
        for (char event : story.toCharArray()) {
            rounds.asked(event == 'x' ? List.of() : rounds.choose());
            var changes = rounds.end(event == 'a' ? Set.of(HOST) : Set.of(), event != 'l');
            known.putAll(changes.answers());
        }
        assertThat(known.getOrDefault(NODE, "unknown")).hasToString(expected);
    }

    @Test
    void aPathThatWasDeadBeforeTheStartIsUntilItAnswers() {
        var rounds = remembering(HOST);
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        for (int i = 0; i < 10; i++) {
            assertThat(round(rounds, Set.of())).isEqualTo(EchoRounds.Changes.NONE);
        }
        assertThat(round(rounds, Set.of(HOST)).answers()).containsEntry(NODE, PathState.Answer.ANSWERS);
    }

    @Test
    void aPathThatWasDeadBeforeTheStartIsWhileItsNodeIsNotHeardOfYet() {
        var rounds = remembering(HOST);
        rounds.nodes(Map.of(), Set.of());
        assertThat(round(rounds, Set.of())).isEqualTo(EchoRounds.Changes.NONE);
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        assertThat(round(rounds, Set.of())).isEqualTo(EchoRounds.Changes.NONE);
    }

    @Test
    void whatWasDeadBeforeTheStartIsForgottenWithItsNodeOrAddress() {
        var gone = remembering(HOST);
        gone.nodes(Map.of(), Set.of());
        gone.forgetAbsent();
        assertThat(round(gone, Set.of()).forgotten()).containsExactly(NODE);
        var moved = remembering(IpAddress.v4(9));
        moved.nodes(Map.of(NODE, HOST), Set.of());
        assertThat(round(moved, Set.of()).forgotten()).containsExactly(NODE);
    }

    private static EchoRounds remembering(IpAddress host) {
        return new EchoRounds(10, Map.of(NODE, new DeadPath(host, Instant.EPOCH)));
    }

    @Test
    void anAnswerToAnEarlierQuestionCountsToo() {
        var rounds = new EchoRounds(10, Map.of());
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        assertThat(rounds.end(Set.of(HOST), true).answers()).containsOnlyKeys(NODE);
    }

    @Test
    void onlyChangesAreTold() {
        var rounds = new EchoRounds(10, Map.of());
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        assertThat(round(rounds, Set.of(HOST)).answers()).containsOnlyKeys(NODE);
        assertThat(round(rounds, Set.of(HOST))).isEqualTo(EchoRounds.Changes.NONE);
    }

    @Test
    void aNodeThatLeavesOrMovesIsForgotten() {
        var rounds = new EchoRounds(10, Map.of());
        rounds.nodes(Map.of(NODE, HOST), Set.of());
        round(rounds, Set.of(HOST));
        rounds.nodes(Map.of(NODE, IpAddress.v4(9)), Set.of());
        assertThat(round(rounds, Set.of(HOST)).forgotten()).containsExactly(NODE);
        assertThat(round(rounds, Set.of(IpAddress.v4(9))).answers()).containsOnlyKeys(NODE);
        rounds.nodes(Map.of(), Set.of());
        assertThat(round(rounds, Set.of(HOST)).forgotten()).containsExactly(NODE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # nodes | preferred | how often each is asked in five rounds of ten | how often each of the others
        8       | 0         | 0                                             | 5
        8       | 8         | 5                                             | 0
        25      | 0         | 0                                             | 2
        23      | 3         | 5                                             | 1
        36      | 14        | 2                                             | 0
        """)
    void aRoundIsBoundedAndThePreferredComeMoreOften(int nodes, int preferred, int often, int seldom) {
        var rounds = new EchoRounds(10, Map.of());
        rounds.nodes(numbered(nodes), numbered(preferred).keySet());
        var asked = new TreeMap<IpAddress, Integer>();
        for (int i = 0; i < 5; i++) {
            var chosen = rounds.choose();
            assertThat(chosen).hasSize(Math.min(10, nodes)).doesNotHaveDuplicates();
            chosen.forEach(host -> asked.merge(host, 1, Integer::sum));
        }
        for (int i = 0; i < nodes; i++) {
            assertThat(asked.getOrDefault(IpAddress.v4(i), 0))
                    .as("node %s of %s", i, nodes)
                    .isGreaterThanOrEqualTo(i < preferred ? often : seldom);
        }
    }

    private static Map<NodeId, IpAddress> numbered(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> node(i), IpAddress::v4));
    }

    private static EchoRounds.Changes round(EchoRounds rounds, Set<IpAddress> answered) {
        rounds.asked(rounds.choose());
        return rounds.end(answered, true);
    }
}
