package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressRate;
import dev.tombolo.bpf.egress.EgressRateKey;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy may send in a second. Packets of 1,000 bytes; time is the kernel's, and goes on. */
class EgressRatePacketTest {
    private static final int POLICY = 70;
    private static final int HEADERS = 14 + 20 + 8;
    private static final byte[] PACKET = Frame.of("udp 10.1.0.2:40000 > 203.0.113.9:53 len=" + (1_000 - HEADERS));
    private static final long NANOS = 1_000_000_000;
    private static final Duration RETRANSMISSION_TIMEOUT = Duration.ofMillis(200);

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(4096);
    }

    private void limit(int setId, String range, int group, EgressRate rate) throws Exception {
        egress.maps.rates().put(new EgressRateKey(POLICY), rate);
        egress.maps
                .rules()
                .put(
                        EgressRuleKey.of(setId, Prefix.parse(range)),
                        new EgressRule(EgressAction.GATEWAY, group, POLICY, EgressRule.LIMITED));
    }

    /** So slow that nothing comes back while the test runs. */
    private static EgressRate once(int packets) {
        return new EgressRate(1, (packets - 1) * 1_000L * NANOS);
    }

    private String send() throws Exception {
        return egress.outcome(egress.run("egress_gateway", PACKET, 0, 0));
    }

    @Test
    void lessThanABurstGoesOutAtOnceAndTheRestIsDropped() throws Exception {
        limit(7, "203.0.113.0/24", 1, once(4));
        for (int packet = 0; packet < 4; packet++) {
            assertThat(send()).isEqualTo("redirect FORWARDED");
        }
        assertThat(send()).isEqualTo("drop DROP_RATE_LIMITED");
        assertThat(send()).isEqualTo("drop DROP_RATE_LIMITED");
        var bucket = egress.maps.buckets().lookup(new EgressRateKey(POLICY)).orElseThrow();
        assertThat(bucket.dropped()).isEqualTo(2);
        assertThat(bucket.droppedBytes()).isEqualTo(2_000);
    }

    @Test
    void aChangeOfTheLimitHoldsAtOnceAndEndsNoConnection() throws Exception {
        limit(7, "203.0.113.0/24", 1, once(1));
        assertThat(send()).isEqualTo("redirect FORWARDED");
        assertThat(send()).isEqualTo("drop DROP_RATE_LIMITED");
        egress.maps.rates().put(new EgressRateKey(POLICY), once(3));
        assertThat(send()).isEqualTo("redirect FORWARDED");
        egress.rule(7, "203.0.113.0/24", EgressAction.GATEWAY, 1);
        for (int packet = 0; packet < 20; packet++) {
            assertThat(send()).isEqualTo("redirect FORWARDED");
        }
        assertThat(egress.maps.translations().count()).isEqualTo(2);
    }

    @Test
    void otherPoliciesHaveTheirOwn() throws Exception {
        limit(7, "203.0.113.0/24", 1, once(1));
        send();
        egress.maps
                .rules()
                .put(
                        EgressRuleKey.of(7, Prefix.parse("203.0.113.8/31")),
                        new EgressRule(EgressAction.GATEWAY, 1, POLICY + 1, EgressRule.LIMITED));
        assertThat(send()).as("a policy without a row has no limit").isEqualTo("redirect FORWARDED");
    }

    @Test
    void aPodOfTheGatewayItselfIsLimitedToo() throws Exception {
        limit(8, "0.0.0.0/0", 2, once(1));
        String packet = "udp 10.1.0.4:40000 > 192.0.2.9:53 len=" + (1_000 - HEADERS);
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("pass FORWARDED");
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("drop DROP_RATE_LIMITED");
    }

    /** Its flow is known by then, and is not asked for its policy with each packet. */
    @Test
    void aFlowOfTheGatewayItselfIsLimitedFromWhenItsPolicyIs() throws Exception {
        String packet = "udp 10.1.0.4:40000 > 192.0.2.9:53 len=" + (1_000 - HEADERS);
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("pass FORWARDED");
        limit(8, "0.0.0.0/0", 2, once(1));
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("pass FORWARDED");
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("drop DROP_RATE_LIMITED");
        egress.rule(8, "0.0.0.0/0", EgressAction.GATEWAY, 2);
        assertThat(egress.outcome(egress.leave(packet))).isEqualTo("pass FORWARDED");
    }

    /** Two CPUs send as fast as they can. */
    @Test
    void whatGoesOutInATimeIsTheRate() throws Exception {
        long bytesPerSecond = 20_000_000;
        var rate = EgressRate.of(bytesPerSecond);
        limit(7, "203.0.113.0/24", 1, rate);
        var sent = new AtomicInteger();
        var refused = new AtomicInteger();
        long start = System.nanoTime();
        Runnable send = () -> {
            while (System.nanoTime() - start < NANOS) {
                (run() == 7 ? sent : refused).incrementAndGet();
            }
        };
        var other = Thread.ofPlatform().start(send);
        send.run();
        other.join();
        double seconds = (System.nanoTime() - start) / (double) NANOS;
        double burst = rate.burst() / (double) NANOS * bytesPerSecond;
        assertThat(refused).hasPositiveValue();
        assertThat(sent.get() * 1_000.0)
                .isBetween(bytesPerSecond * seconds * 0.5, bytesPerSecond * seconds + burst + 2_000);
    }

    /** As TCP does: all at once until something is dropped, and then nothing for a while. */
    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 12_500_000})
    void whoPausesAfterALossGetsTheRateToo(long bytesPerSecond) throws Exception {
        var rate = EgressRate.of(bytesPerSecond);
        limit(7, "203.0.113.0/24", 1, rate);
        long sent = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < 2 * NANOS) {
            if (run() == 7) {
                sent += 1_000;
            } else {
                Thread.sleep(RETRANSMISSION_TIMEOUT);
            }
        }
        double due = bytesPerSecond * ((System.nanoTime() - start) / (double) NANOS);
        double burst = rate.burst() / (double) NANOS * bytesPerSecond;
        assertThat((double) sent).isBetween(0.8 * due, due + burst + 1_000);
    }

    private int run() {
        try {
            return egress.object.testRun("egress_gateway", PACKET);
        } catch (BpfException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aBurstIsNoLessThanWhatADeviceHandsOnAsOnePacket() {
        assertThat(EgressRate.of(8_192)).isEqualTo(new EgressRate(8_192, 8 * NANOS));
        assertThat(EgressRate.of(1_000_000_000)).isEqualTo(new EgressRate(1_000_000_000, NANOS / 4));
    }
}
