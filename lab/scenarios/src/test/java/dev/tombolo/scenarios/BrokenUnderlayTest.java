package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Shop;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An internet between the clusters that is cut, or translates addresses. */
@ExtendWith(InMeshLab.class)
class BrokenUnderlayTest {
    private static final int PER_SECOND = 100;
    private static final Pattern DEAD_SINCE = Pattern.compile("answers since ([0-9TZ:.-]+Z)");

    @Test
    void trafficGoesOnWhenAClusterIsSuddenlyBehindNat(MeshLab lab) {
        lab.programs.fault("nat", "cluster1");
        for (int cluster : MeshLab.CLUSTERS) {
            var result = Shop.result(lab.shop.startLoad(cluster, 4, 100));
            assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
            assertThat(result.byCluster()).hasSize(2);
        }
    }

    @Test
    void backendsBehindACutAreLeftWithinASecondAndTakenBack(MeshLab lab) {
        var load = lab.shop.startLoad(1, 12, PER_SECOND, "--concurrency", "64", "--timeout-ms", "500");
        lab.programs.fault("cut", "cluster1", "cluster2");
        MeshLab.await("status to name the dead paths", () -> lab.problems(1).contains("no new connection"));
        assertThat(lab.problems(1)).contains("cluster2", "paths answers since");
        var meanwhile = Shop.result(lab.shop.startLoad(1, 2, PER_SECOND));
        assertThat(meanwhile.ok()).isEqualTo(meanwhile.sent()).isPositive();
        assertThat(meanwhile.byCluster()).containsOnlyKeys("cluster1");
        lab.heal();
        var result = LoadResult.parse(load.join().output());
        assertThat(result.sent() - result.ok()).as("requests lost").isLessThanOrEqualTo(PER_SECOND);
    }

    /** Nobody knows better when the agent is new, so its first probes must not be paid for with requests. */
    @Test
    void whatIsDeadStaysSoWhenTheAgentIsKilled(MeshLab lab) {
        lab.programs.fault("cut", "cluster1", "cluster2");
        MeshLab.await("both nodes to say that all paths are dead", () -> allSayDead(lab));
        var before = deadSince(lab);
        var load = lab.shop.startLoadUntilAsked(1, PER_SECOND, "--timeout-ms", "500");
        KilledContainers.kill(lab, 1, "tombolo-agent", "agent").awaitBack();
        MeshLab.await("both nodes to say so again", () -> allSayDead(lab));
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).containsOnlyKeys("cluster1");
        assertThat(deadSince(lab)).isEqualTo(before);
        lab.heal();
    }

    private static boolean allSayDead(MeshLab lab) {
        String problems = lab.problems(1);
        return problems.contains("and 1 more: cluster cluster2,")
                && problems.contains("none of its 2 paths answers since");
    }

    private static Set<String> deadSince(MeshLab lab) {
        return DEAD_SINCE
                .matcher(lab.problems(1))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }
}
