package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressEvent;
import dev.tombolo.bpf.egress.EgressEvents;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of flows: each new one once, and why a packet went nowhere, but no more than anybody could read. */
class EgressEventPacketTest {
    private static final int DROPS_TOLD = 20;
    private static final int BYTES = 1 << 19;
    private static final int RECORD = 88 + 8;

    @AutoClose
    private EgressObject egress;

    @AutoClose
    private EgressEvents events;

    @BeforeEach
    void load() throws Exception {
        egress = EgressObject.fresh(16_384);
        events = EgressEvents.of(egress.object);
    }

    private List<EgressEvent> told() throws Exception {
        var told = new ArrayList<EgressEvent>();
        while (events.read(told::add) > 0) {}
        return told;
    }

    private String text(EgressEvent event) {
        return events.hook(event) + " " + events.reason(event) + " " + event.near() + ":" + event.nearPort() + " > "
                + event.far() + ":" + event.farPort() + " proto=" + event.protocol() + " as " + event.address() + ":"
                + event.port() + " policy=" + event.policyId();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "translated, egress_gateway, tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2, HOOK_EGRESS_GATEWAY FORWARDED 10.1.0.2:40000 > 203.0.113.9:443 proto=6 as 198.51.100.7:40000 policy=70",
        "a ping, egress_gateway, ping 10.1.0.2:40000 > 203.0.113.9, HOOK_EGRESS_GATEWAY FORWARDED 10.1.0.2:40000 > 203.0.113.9:0 proto=1 as 198.51.100.7:40000 policy=70",
        "held, egress_source, udp 10.1.0.3:40000 > 203.0.113.9:53, HOOK_EGRESS_SOURCE DROP_HELD 10.1.0.3:40000 > 203.0.113.9:53 proto=17 as :::0 policy=70",
        "no gateway, egress_source, udp 10.1.0.2:40000 > 203.0.113.77:53, HOOK_EGRESS_SOURCE DROP_NO_GATEWAY 10.1.0.2:40000 > 203.0.113.77:53 proto=17 as :::0 policy=70",
        "by a rule, egress_local, udp 10.1.0.2:40000 > 203.0.113.66:53, HOOK_EGRESS_LOCAL DROP_BY_RULE 10.1.0.2:40000 > 203.0.113.66:53 proto=17 as :::0 policy=70",
        "no address, egress_gateway, udp 10.1.0.2:40000 > 203.0.113.77:53, HOOK_EGRESS_GATEWAY DROP_NO_EGRESS_ADDRESS 10.1.0.2:40000 > 203.0.113.77:53 proto=17 as :::0 policy=70",
        "not selected, egress_gateway, udp 10.1.0.9:40000 > 203.0.113.9:53, HOOK_EGRESS_GATEWAY DROP_NOT_SELECTED 10.1.0.9:40000 > 203.0.113.9:53 proto=17 as :::0 policy=0",
        "another protocol, egress_source, sctp 10.1.0.2 > 203.0.113.9, HOOK_EGRESS_SOURCE DROP_UNSUPPORTED 10.1.0.2:0 > 203.0.113.9:0 proto=132 as :::0 policy=70",
        "no reply, egress_return, udp 203.0.113.9:53 > 10.1.0.2:40000, HOOK_EGRESS_RETURN DROP_NOT_A_REPLY 10.1.0.2:40000 > 203.0.113.9:53 proto=17 as :::0 policy=70"
    })
    void tells(String name, String program, String packet, String expected) throws Exception {
        long before = System.nanoTime();
        egress.run(program, packet);
        var told = told();
        assertThat(told).extracting(this::text).containsExactly(expected);
        assertThat(told.getFirst().time()).isBetween(before, System.nanoTime());
    }

    @Test
    void tellsOfTheEgressAddressOfAPodHere() throws Exception {
        egress.leave("udp 10.1.0.4:40000 > 192.0.2.9:53");
        assertThat(told())
                .extracting(this::text)
                .containsExactly("HOOK_EGRESS_LOCAL FORWARDED 10.1.0.4:40000 > 192.0.2.9:53 proto=17"
                        + " as 198.51.100.8:40000 policy=70");
    }

    @Test
    void saysNothingOfPacketsAfterTheFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
            egress.run("egress_reply", "udp 203.0.113.9:53 > 198.51.100.7:40000");
            egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        }
        assertThat(told()).hasSize(1);
    }

    @Test
    void tellsAFewDropsASecondOfEachReasonAndCountsTheOthers() throws Exception {
        int dropped = 0;
        List<EgressEvent> later = List.of();
        var first = new ArrayList<EgressEvent>();
        // Test runs are on any CPU, each of which tells its own; then a second later the rest is told of.
        while (later.isEmpty()) {
            egress.run("egress_source", "udp 10.1.0.3:40000 > 203.0.113.9:53");
            dropped++;
            var told = told();
            told.stream().filter(event -> event.withheld() == 0).forEach(first::add);
            later = told.stream().filter(event -> event.withheld() > 0).toList();
        }
        assertThat(first.size()).isBetween(DROPS_TOLD, DROPS_TOLD * LibBpf.possibleCpus() * 2);
        assertThat(later.getFirst().withheld()).isBetween(1, dropped - DROPS_TOLD);
        egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.77:53");
        assertThat(told()).extracting(events::reason).containsExactly("DROP_NO_GATEWAY");
    }

    @Test
    void packetsGoOnWhenNobodyReads() throws Exception {
        int flows = BYTES / RECORD + 100;
        for (int flow = 0; flow < flows; flow++) {
            var run = egress.run("egress_gateway", "udp 10.1.0.2:" + (1024 + flow) + " > 203.0.113.9:53");
            assertThat(run.verdict()).isEqualTo(7);
        }
        long lost = egress.counters().get("EVENT_LOST");
        assertThat(lost).isPositive();
        assertThat(told()).hasSize((int) (flows - lost));
        egress.run("egress_gateway", "udp 10.1.0.2:1000 > 203.0.113.9:53");
        assertThat(told()).hasSize(1);
    }
}
