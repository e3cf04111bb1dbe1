package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.machine.Leftovers;
import dev.tombolo.lab.programs.Shop;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two labs on one machine, with the same addresses and the same names in both. */
@ExtendWith(InMeshLab.class)
class TwoLabsTest {
    @Test
    void doNotSeeEachOther(MeshLab lab) throws IOException {
        var load = lab.shop.startLoadUntilAsked(1, 50);
        var beside = MeshLab.bare(lab.home.name() + "b", 1);
        try {
            beside.shop.apply(1);
            var answers = MeshLab.await(
                    "the shop of the other lab to answer",
                    () -> beside.shop.ask(1, 40, Shop.URL),
                    result -> result.ok() == result.sent());
            assertThat(answers.byCluster()).containsOnlyKeys("cluster1");
        } finally {
            beside.close();
        }
        assertThat(new Leftovers(beside.home).list()).isEmpty();
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent());
        assertThat(result.byCluster()).hasSize(2);
    }
}
