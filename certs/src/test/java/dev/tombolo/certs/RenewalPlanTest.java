package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RenewalPlanTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final CertificateFacts NINETY_DAYS = new CertificateFacts(
            "remote-west", "Tombolo CA east", Set.of(), START, START.plus(Duration.ofDays(90)), "1");

    @Test
    void renewsAtTwoThirdsOfLife() {
        var due = START.plus(Duration.ofDays(60));

        assertThat(RenewalPlan.due(NINETY_DAYS)).isEqualTo(due);
        assertThat(RenewalPlan.isDue(NINETY_DAYS, due.minusSeconds(1))).isFalse();
        assertThat(RenewalPlan.isDue(NINETY_DAYS, due)).isTrue();
    }

    @Test
    void saysHowLongToWait() {
        assertThat(RenewalPlan.untilDue(NINETY_DAYS, START)).isEqualTo(Duration.ofDays(60));
        assertThat(RenewalPlan.untilDue(NINETY_DAYS, START.plus(Duration.ofDays(900))))
                .isZero();
    }
}
