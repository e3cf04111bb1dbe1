package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthPlanTest {
    private static final ClusterName CLUSTER = new ClusterName("east");

    /** A vote is gateway, prober and + or -; ? where there never was an answer, ! and it has been asked for long. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # votes          | of a
        ''               | unknown
        a1+              | ALIVE
        a1-              | DEAD
        a1- a2-          | DEAD
        a1- a2+          | ALIVE
        a1- a2- a3+      | DEAD
        a1- a2+ a3+      | ALIVE
        a1- a2- a3+ a4+  | ALIVE
        b1-              | unknown
        # two who hear nothing of each other
        ab- ba-          | unknown
        ab- ba+          | DEAD
        ab- ba- b1+      | DEAD
        ab- a1- ba-      | DEAD
        ab- a1+ ba-      | ALIVE
        ab- b1-          | DEAD
        ab- b1? ba-      | unknown
        # who never got an answer has no vote, but where nobody ever did
        a1- a2! a3!      | DEAD
        a1+ a2! a3!      | ALIVE
        a1?              | unknown
        a1!              | UNHEARD
        a1! a2?          | unknown
        a1! a2! a3?      | UNHEARD
        """)
    void moreThanHalfOfThoseWhoAskDecide(String votes, String expected) {
        var health = HealthPlan.health(CLUSTER, votes(votes));

        var known = Optional.ofNullable(health.get(new NodeId(CLUSTER, "a")));
        assertThat(known.map(Enum::name).orElse("unknown")).isEqualTo(expected);
    }

    /** Who is accused by one node alone may be about to say the same of it. */
    @Test
    void aSingleWordCountsWhenItHasStoodForAWhile() {
        var standing = new StandingHealth(CLUSTER);
        var a = new NodeId(CLUSTER, "a");
        long now = 1_000;
        assertThat(standing.health(votes("ab- ba+"), now)).containsEntry(a, GatewayHealth.ACCUSED);
        assertThat(standing.due(now)).contains(StandingHealth.SINGLE_WORD);
        now += StandingHealth.SINGLE_WORD.toNanos();
        assertThat(standing.health(votes("ab- ba+"), now)).containsEntry(a, GatewayHealth.DEAD);
        assertThat(standing.due(now)).isEmpty();
        assertThat(standing.health(votes("ab+ ba+"), now)).containsEntry(a, GatewayHealth.ALIVE);
        assertThat(standing.health(votes("ab- ba+"), now)).containsEntry(a, GatewayHealth.ACCUSED);
        assertThat(standing.health(votes("ab- ba-"), now + 1)).isEmpty();
    }

    @Test
    void theNextSingleWordThatComesOfAgeIsWaitedFor() {
        var standing = new StandingHealth(CLUSTER);
        standing.health(votes("ab- ba+"), 0);
        standing.health(votes("ab- ba+ cd- dc+"), 50_000_000);
        assertThat(standing.due(60_000_000)).contains(Duration.ofMillis(140));
        assertThat(standing.due(210_000_000)).contains(Duration.ofMillis(40));
    }

    @Test
    void twoWordsCountAtOnce() {
        var health = new StandingHealth(CLUSTER).health(votes("ab- ac-"), 0);
        assertThat(health).isEqualTo(Map.of(new NodeId(CLUSTER, "a"), GatewayHealth.DEAD));
    }

    @Test
    void gatewaysOfAnotherClusterAreToldFromOnesOwn() {
        var far = new NodeId(new ClusterName("west"), "a");
        var vote = GatewayVote.of(far, new NodeId(CLUSTER, "b"), Answer.SILENT);
        assertThat(HealthPlan.health(CLUSTER, List.of(vote))).isEqualTo(Map.of(far, GatewayHealth.DEAD));
    }

    private static List<GatewayVote> votes(String text) {
        return Arrays.stream(text.split(" "))
                .filter(vote -> !vote.isEmpty())
                .map(vote -> new GatewayVote(vote.substring(0, 1), vote.substring(1, 2), answer(vote.charAt(2))))
                .toList();
    }

    private static Answer answer(char sign) {
        return switch (sign) {
            case '+' -> Answer.ANSWERS;
            case '-' -> Answer.SILENT;
            case '!' -> Answer.NEVER;
            default -> Answer.ASKED;
        };
    }
}
