package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LeadershipTest {
    private static final Leadership.Timing TIMING =
            new Leadership.Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofMillis(5));
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryLease lease = new MemoryLease();

    @Test
    void onlyOneLeadsAndTheNextFollowsWhenItCloses() {
        var first = start("a", now::get);
        await().until(first::leading);
        try (var second = start("b", now::get)) {
            await().until(() -> lease.reads.get() > 10);
            assertThat(second.leading()).isFalse();
            first.close();
            assertThat(first.leading()).isFalse();
            await().until(second::leading);
        }
        assertThat(lease.held.get().holder()).isEmpty();
        assertThat(lease.held.get().transitions()).isEqualTo(1);
    }

    @Test
    void aLeaderThatCannotRenewStepsDownBeforeAnotherCanTakeOver() {
        try (var leader = start("a", now::get)) {
            await().until(leader::leading);
            lease.broken = true;
            advance(TIMING.renewWithin().plusSeconds(1));
            await().until(() -> !leader.leading());
            assertThat(leader.lastError()).contains("no answer");
            lease.broken = false;
            await().until(leader::leading);
            assertThat(leader.lastError()).isEmpty();
        }
    }

    @Test
    void aSilentLeadersLeaseIsTakenOnlyAfterItWasSeenUnchangedForItsWholeLength() {
        lease.held.set(new LeaseStore.Held("gone", now.get().minusSeconds(3_600), TIMING.lasts(), 4, "1"));
        try (var candidate = start("b", now::get)) {
            int seen = lease.reads.get();
            await().until(() -> lease.reads.get() > seen + 10);
            assertThat(candidate.leading()).isFalse();
            advance(TIMING.lasts().plusSeconds(1));
            await().until(candidate::leading);
            assertThat(lease.held.get().transitions()).isEqualTo(5);
        }
    }

    private void advance(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private Leadership start(String identity, InstantSource clock) {
        return Leadership.start(lease, identity, TIMING, clock, new Leadership.Callbacks() {
            @Override
            public void started() {}

            @Override
            public void stopped() {}
        });
    }

    /** A Lease in memory, with the API's rule that a write names the version it read. */
    private static final class MemoryLease extends LeaseStore {
        private final AtomicReference<Held> held = new AtomicReference<>();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile boolean broken;

        MemoryLease() {
            super(null, null);
        }

        @Override
        Optional<Held> read() throws IOException {
            reads.incrementAndGet();
            fail();
            return Optional.ofNullable(held.get());
        }

        @Override
        boolean write(Held next) throws IOException {
            fail();
            Held before = held.get();
            String version = before == null ? "" : before.version();
            String following = Integer.toString(version.isEmpty() ? 1 : Integer.parseInt(version) + 1);
            var stored = new Held(next.holder(), next.renewed(), next.lasts(), next.transitions(), following);
            return version.equals(next.version()) && held.compareAndSet(before, stored);
        }

        private void fail() throws IOException {
            if (broken) {
                throw new IOException("no answer");
            }
        }
    }
}
