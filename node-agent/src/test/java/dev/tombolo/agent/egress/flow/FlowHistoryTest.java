package dev.tombolo.agent.egress.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tombolo.bpf.egress.EgressEvent;
import dev.tombolo.egress.flow.EgressFlow;
import dev.tombolo.egress.flow.EgressFlow.End;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FlowHistoryTest {
    private static final IpAddress POD = IpAddress.parse("10.1.0.2");
    private static final IpAddress SERVER = IpAddress.parse("203.0.113.9");
    private static final IpAddress NONE = new IpAddress(0, 0);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Moment MOMENT = new Moment(NOW, 9_000_000_000L);
    private static final FlowNames NAMES = new FlowNames("node1", Map.of(POD, "shop/web-0"), Map.of(7, "partner"));
    private static final FlowNames NOBODY = new FlowNames("node1", Map.of(), Map.of());

    private final AtomicReference<FlowNames> names = new AtomicReference<>(NOBODY);
    private final FlowHistory history = new FlowHistory(names::get);

    private static EgressEvent event(IpAddress address, int port) {
        return new EgressEvent(7_000_000_000L, POD, SERVER, address, 0, 3, 7, 12, 5, port, 443, port, 6);
    }

    private static EgressFlow flow(int port) {
        return FlowPlan.flow(event(NONE, port), "DROP_HELD", "HOOK_EGRESS_SOURCE", NOBODY, MOMENT);
    }

    @Test
    void givesNamesToWhatTheKernelTells() {
        var egress = IpAddress.parse("198.51.100.7");
        var flow = FlowPlan.flow(event(egress, 40_000), "FORWARDED", "HOOK_EGRESS_GATEWAY", NAMES, MOMENT);
        assertThat(flow)
                .isEqualTo(new EgressFlow(
                        NOW.minusSeconds(2),
                        "node1",
                        "shop/web-0",
                        new End(POD, 40_000),
                        new End(SERVER, 443),
                        6,
                        Optional.of(new End(egress, 40_000)),
                        "partner",
                        "",
                        "HOOK_EGRESS_GATEWAY",
                        5));
    }

    @Test
    void aDropHasNoEgressAddressAndAPodThatNobodyKnowsNoName() {
        var flow = flow(1);
        assertThat(flow.egress()).isEmpty();
        assertThat(flow.reason()).isEqualTo("DROP_HELD");
        assertThat(flow.pod()).isEmpty();
        assertThat(flow.policy()).isEmpty();
    }

    @Test
    void namesAPodLaterThatWasNotKnownAtFirst() {
        history.add(flow(1));
        names.set(NAMES);
        assertThat(history.from(0).flows()).containsExactly(flow(1).withPod("shop/web-0"));
    }

    /** The address may be another pod's by now. */
    @Test
    void aNameThatAPodHadStays() {
        history.add(flow(1).withPod("shop/web-7"));
        names.set(NAMES);
        assertThat(history.from(0).flows()).containsExactly(flow(1).withPod("shop/web-7"));
    }

    @Test
    void whoWaitsIsWokenByTheNextFlow() throws Exception {
        history.add(flow(1));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> history.await(0, Duration.ofHours(1)));
        var waiting = Thread.ofPlatform().daemon().start(() -> {
            try {
                history.await(1, Duration.ofHours(1));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        history.add(flow(2));
        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void keepsTheLastAndSaysHowManyAreGone() {
        for (int port = 0; port < FlowHistory.CAPACITY + 10; port++) {
            history.add(flow(port));
        }
        assertThat(history.oldest()).isEqualTo(10);
        var part = history.from(4);
        assertThat(part.missed()).isEqualTo(6);
        assertThat(part.next()).isEqualTo(FlowHistory.CAPACITY + 10);
        assertThat(part.flows())
                .hasSize(FlowHistory.CAPACITY)
                .startsWith(flow(10))
                .endsWith(flow(FlowHistory.CAPACITY + 9));
        assertThat(history.from(part.next()).flows()).isEmpty();
    }
}
