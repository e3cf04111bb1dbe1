package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressNat;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.bpf.egress.NatCollector;
import dev.tombolo.bpf.egress.NatTimeouts;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, a translation has both its halves. */
class EgressNatPropertyTest {
    private static final int OUT = 0;

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 61})
    void everyHalfHasItsOther(int room) throws Exception {
        var random = new Random(room);
        var clock = new AtomicLong();
        try (var egress = new EgressObject(room)) {
            egress.source("10.1.0.5", EgressSource.ofSet(7));
            egress.address(1, "198.51.100.7", 40_000, 40_007);
            var collector = new NatCollector(egress.maps.translations(), NatTimeouts.DEFAULT, clock::get);
            for (int step = 0; step < 3_000; step++) {
                egress.object.testRun(program(random), Frame.of(packet(random)));
                if (random.nextInt(300) == 0) {
                    // Later for some: they are over.
                    clock.set(System.nanoTime() + random.nextLong(120_000_000_000L));
                    collector.collect(Set.of());
                }
                assertPairs(egress.maps.translations().entries());
            }
            // It has been tried: flows went through, and the map was full.
            assertThat(egress.counters().get("FORWARDED")).isPositive();
            assertThat(egress.counters().get("DROP_NAT_FULL")).isPositive();
        }
    }

    private static String program(Random random) {
        return random.nextInt(4) == 0 ? "egress_reply" : "egress_gateway";
    }

    private static String packet(Random random) {
        String kind = random.nextBoolean() ? "udp " : "tcp ";
        int port = 39_998 + random.nextInt(12);
        String pod = random.nextBoolean() ? "10.1.0.2:" : "10.1.0.5:";
        String far = "203.0.113." + (9 + random.nextInt(2)) + ":53";
        String flags = kind.startsWith("tcp") ? " flags=" + random.nextInt(32) : "";
        return random.nextInt(4) == 0
                ? kind + far + " > 198.51.100.7:" + port + flags
                : kind + pod + port + " > " + far + flags;
    }

    private static void assertPairs(Map<EgressTuple, EgressNat> entries) {
        var expected = new HashMap<EgressTuple, EgressTuple>();
        entries.forEach((key, nat) -> expected.put(key, other(key, nat)));
        expected.forEach((key, other) ->
                assertThat(expected.get(other)).as("other half of " + key).isEqualTo(key));
    }

    private static EgressTuple other(EgressTuple key, EgressNat nat) {
        return new EgressTuple(
                nat.address(), key.far(), nat.port(), key.farPort(), key.protocol(), 1 - key.direction());
    }

    @Test
    void findsAPortWhereNineOfTenAreInUse() throws Exception {
        int ports = 10_000;
        try (var egress = new EgressObject(4 * ports)) {
            egress.address(1, "198.51.100.7", 40_000, 40_000 + ports - 1);
            for (int flow = 0; flow < ports * 9 / 10; flow++) {
                // No port of its own is in the range: each is searched for.
                byte[] frame = Frame.of("udp 10.1.0.2:" + (1 + flow) + " > 203.0.113.9:53");
                assertThat(egress.object.testRun("egress_gateway", frame))
                        .as("flow " + flow)
                        .isEqualTo(7);
            }
            long outward = egress.maps.translations().entries().keySet().stream()
                    .filter(key -> key.direction() == OUT)
                    .count();
            assertThat(outward).isEqualTo(ports * 9 / 10);
        }
    }
}
