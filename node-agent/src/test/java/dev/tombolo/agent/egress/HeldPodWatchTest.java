package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.kernel.HeldPods;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HeldPodWatchTest {
    private static final class NoRows implements Target<EgressKey, Packed> {
        @Override
        public Map<EgressKey, Packed> observe() {
            return Map.of();
        }

        @Override
        public void put(EgressKey key, Packed value) {}

        @Override
        public void remove(EgressKey key) {}
    }

    private final EgressTables tables = new EgressTables();
    private final AtomicBoolean faulty = new AtomicBoolean(true);
    private final Set<IpAddress> asked = ConcurrentHashMap.newKeySet();

    private boolean isHeld(IpAddress pod) {
        if (faulty.get()) {
            throw new IllegalStateException("a fault");
        }
        return !asked.add(pod);
    }

    @Test
    void aFaultOfOursIsSaidAndLookingGoesOn() {
        var clock = Clock.systemUTC();
        var rows = new Reconciler<>(tables.rows, new NoRows(), Duration.ofHours(1), clock, RandomGenerator.getDefault())
                .start();
        tables.program.put(MeshTables.OWN, new TwoNodes().program());
        try (rows;
                var watch = new HeldPodWatch(TwoNodes.NODE1, tables, this::isHeld, new HeldPods(clock), rows).start()) {
            await().until(() -> watch.failure().isPresent());
            assertThat(watch.failure().orElseThrow())
                    .isEqualTo("pods may stay held: java.lang.IllegalStateException: a fault");
            faulty.set(false);
            await().until(() -> asked.contains(TwoNodes.POD1));
            await().until(() -> watch.failure().isEmpty());
        }
    }
}
