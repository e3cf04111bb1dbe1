package dev.tombolo.egress.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.flow.EgressFlow.End;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressFlowTest {
    private static final EgressFlow FLOW = new EgressFlow(
            Instant.parse("2026-01-02T03:04:05.678Z"),
            "node2",
            "shop/web-0",
            new End(IpAddress.parse("10.1.0.2"), 40_000),
            new End(IpAddress.parse("203.0.113.9"), 443),
            6,
            Optional.of(new End(IpAddress.parse("198.51.100.7"), 40_001)),
            "partner",
            "",
            "HOOK_EGRESS_GATEWAY",
            0);
    private static final EgressFlow DROP = new EgressFlow(
            Instant.parse("2026-01-02T03:04:06Z"),
            "node1",
            "",
            new End(IpAddress.parse("2001:db8:1::2"), 0),
            new End(IpAddress.parse("2001:db8:9::9"), 53),
            17,
            Optional.empty(),
            "",
            "DROP_NO_GATEWAY",
            "HOOK_EGRESS_SOURCE",
            31);

    @Test
    void isReadAsItWasWritten() {
        assertThat(EgressFlow.parse(FLOW.line())).contains(FLOW);
        assertThat(EgressFlow.parse(DROP.line())).contains(DROP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\tb", "Error: no such table", "x\tn\tp\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11"})
    void isNotReadFromAnythingElse(String line) {
        assertThat(EgressFlow.parse(line)).isEmpty();
    }

    /** What an agent of another version, or a part of a line, may look like. */
    @Test
    void isNotReadFromWhatIsNearlyOne() {
        assertThat(EgressFlow.parse(FLOW.line() + "\tmore")).isEmpty();
        assertThat(EgressFlow.parse(FLOW.line().replace("\t443\t", "\thttps\t")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, ICMP", "6, TCP", "17, UDP", "58, ICMPv6", "132, SCTP", "47, 47"})
    void namesItsProtocol(int protocol, String name) {
        var flow = new EgressFlow(
                FLOW.time(), "n", "", FLOW.source(), FLOW.destination(), protocol, Optional.empty(), "", "", "", 0);
        assertThat(flow.protocolName()).isEqualTo(name);
    }

    @Test
    void saysWhatBecameOfIt() {
        assertThat(FLOW.verdict()).isEqualTo(Verdict.TRANSLATED);
        assertThat(FLOW.words()).isEmpty();
        assertThat(DROP.verdict()).isEqualTo(Verdict.DROPPED);
        assertThat(DROP.words()).isEqualTo("no way to a gateway");
        assertThat(DropWords.of("DROP_OF_TOMORROW")).isEqualTo("of tomorrow");
        assertThat(DropWords.of("DROP_DEPOSED")).isEqualTo("egress address is another node's now");
        assertThat(DROP.source()).hasToString("2001:db8:1::2");
        assertThat(DROP.destination()).hasToString("[2001:db8:9::9]:53");
    }

    @ParameterizedTest(name = "pod {0}, to {1}, {2}, since {3}: {4}")
    @CsvSource({
        ",             ,               ,            ,                     true",
        "shop/web-0,   ,               ,            ,                     true",
        "shop/,        ,               ,            ,                     true",
        "shop/web,     ,               ,            ,                     false",
        "sho/,         ,               ,            ,                     false",
        ",             203.0.113.9/32, ,            ,                     true",
        ",             203.0.113.0/24, ,            ,                     true",
        ",             10.1.0.0/16,    ,            ,                     false",
        ",             ,               TRANSLATED,  ,                     true",
        ",             ,               DROPPED,     ,                     false",
        ",             ,               ,            2026-01-02T03:04:05Z, true",
        ",             ,               ,            2026-01-02T03:04:05.678Z, true",
        ",             ,               ,            2026-01-02T03:04:06Z, false",
        "shop/web-0,   203.0.113.0/24, DROPPED,     ,                     false"
    })
    void isFilteredByAllThatIsAsked(String pod, String to, Verdict verdict, String since, boolean expected) {
        var filter = new FlowFilter(
                Optional.ofNullable(pod),
                Optional.ofNullable(to).map(Prefix::parse),
                Optional.ofNullable(verdict),
                Optional.ofNullable(since).map(Instant::parse));
        assertThat(filter.accepts(FLOW)).isEqualTo(expected);
    }
}
