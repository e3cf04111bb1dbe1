package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FarewellsTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterName EAST = new ClusterName("east");
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void whoLeavesIsKeptAndNobodyElse() {
        var farewells = new Farewells(Duration.ofHours(1), over::countDown);

        assertThat(farewells.of(List.of(WEST, EAST), Set.of(EAST))).containsExactly(WEST);
        assertThat(farewells.of(List.of(WEST, EAST), Set.of(EAST))).containsExactly(WEST);
        assertThat(farewells.of(List.of(WEST, EAST), Set.of(EAST, WEST))).isEmpty();
    }

    @Test
    void itIsSaidWhenAFarewellIsOverAndThenNobodyIsKept() throws Exception {
        var farewells = new Farewells(Duration.ofMillis(1), over::countDown);
        farewells.of(List.of(WEST), Set.of());

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(farewells.of(List.of(WEST), Set.of())).isEmpty();
    }

    @Test
    void whoComesBackAndLeavesAgainIsKeptAgain() throws Exception {
        var farewells = new Farewells(Duration.ofMillis(300), over::countDown);
        farewells.of(List.of(WEST), Set.of());
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        farewells.of(List.of(WEST), Set.of(WEST));

        assertThat(farewells.of(List.of(WEST), Set.of())).containsExactly(WEST);
    }
}
