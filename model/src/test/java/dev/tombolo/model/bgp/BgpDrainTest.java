package dev.tombolo.model.bgp;

import static dev.tombolo.model.bgp.BgpDrain.Stage.GONE;
import static dev.tombolo.model.bgp.BgpDrain.Stage.LEAVING;
import static dev.tombolo.model.bgp.BgpDrain.Stage.SERVING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BgpDrainTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z, LEAVING",
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:34Z, LEAVING",
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:35Z, GONE",
        "2026-01-02T03:04:05Z/PT5S, 2026-01-02T03:04:09Z, LEAVING",
        "2026-01-02T03:04:05Z/PT5S, 2026-01-02T03:04:10Z, GONE",
        "2026-01-02T03:04:05Z/PT0S, 2026-01-02T03:04:05Z, GONE",
        "2026-01-02T03:04:05Z/PT5S, 2026-01-02T03:04:04Z, LEAVING"
    })
    void routesAskForAnotherWayFirstAndAreGoneWhenThereWasTimeForThat(String text, String now, BgpDrain.Stage stage) {
        var drain = BgpDrain.parse(text);
        assertThat(drain.at(Instant.parse(now))).isEqualTo(stage);
        assertThat(BgpDrain.parse(drain.toString())).isEqualTo(drain);
    }

    /** Who mistypes a time must not lose every route. */
    @ParameterizedTest
    @CsvSource({
        "true",
        "''",
        "now/PT5S",
        "2026-01-02T03:04:05Z/5",
        "2026-01-02T03:04:05Z/PT-5S",
        "2026-01-02T03:04:05Z/P2D",
        "2026-01-02T03:04:05Z/PT1S/PT2S",
        "+1000000000-12-31T23:59:59Z/PT1S"
    })
    void withoutATimeTheyAskAndStay(String text) {
        assertThat(BgpDrain.parse(text).at(Instant.MAX)).isEqualTo(LEAVING);
        assertThat(BgpDrain.parse(text).end()).isEmpty();
    }

    @Test
    void whatDrainsMoreCounts() {
        assertThat(SERVING.or(LEAVING)).isEqualTo(LEAVING);
        assertThat(GONE.or(LEAVING)).isEqualTo(GONE);
        assertThat(SERVING.or(SERVING)).isEqualTo(SERVING);
    }
}
