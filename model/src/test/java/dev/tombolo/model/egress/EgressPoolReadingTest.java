package dev.tombolo.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPoolSpec.Range;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.label.SelectorSpec.Expression;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressPoolReadingTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void readsEveryField() {
        var spec = new EgressPoolSpec(
                List.of(
                        range("192.0.2.0/29", "", ""),
                        range("", "192.0.2.20", "192.0.2.29"),
                        range("", "2001:db8::5", "")),
                Optional.of(new SelectorSpec(Map.of("egress", "true"), List.of())),
                Optional.of(2));
        var pool = read(spec).pool().orElseThrow();
        assertThat(pool.ranges()).hasToString("[192.0.2.1-192.0.2.6, 192.0.2.20-192.0.2.29, 2001:db8::5]");
        assertThat(pool.nodes()).isEqualTo(LabelSelector.of(Map.of("egress", "true")));
        assertThat(pool.maximumPerNode()).isEqualTo(OptionalInt.of(2));
        assertThat(pool.size()).isEqualTo(17);
        assertThat(pool.contains(IpAddress.parse("192.0.2.29"))).isTrue();
        assertThat(pool.contains(IpAddress.parse("192.0.2.7"))).isFalse();
        assertThat(read(spec).refused()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # cidr            | start      | end          | why
            192.0.2.0/33      |            |              | BAD_CONFIGURATION spec.ranges[1]: read 192.0.2.0/33, expected cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19
            192.0.2.0/24      | 192.0.2.1  |              | BAD_CONFIGURATION spec.ranges[1]: read 192.0.2.0/24, expected cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19
                              | 192.0.2.9  | 192.0.2.8    | BAD_CONFIGURATION spec.ranges[1]: read 192.0.2.9-192.0.2.8, expected cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19
                              | 192.0.2.9  | 2001:db8::1  | BAD_CONFIGURATION spec.ranges[1]: read 192.0.2.9-2001:db8::1, expected cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19
                              |            | 192.0.2.8    | BAD_CONFIGURATION spec.ranges[1]: read nothing-192.0.2.8, expected cidr, or start and end of one family, for instance start: 192.0.2.10 and end: 192.0.2.19
            198.18.0.0/15     |            |              | TOO_LARGE spec.ranges[1]: read 198.18.0.0/15, expected at most 65536 addresses: a /16 of IPv4, a /112 of IPv6
            2001:db8::/64     |            |              | TOO_LARGE spec.ranges[1]: read 2001:db8::/64, expected at most 65536 addresses: a /16 of IPv4, a /112 of IPv6
            127.0.1.0/24      |            |              | ADDRESS_FORBIDDEN spec.ranges[1]: read 127.0.1.0/24, expected addresses that a node can have in its network, so none of 127.0.0.0/8
                              | 223.255.255.250 | 224.0.0.5 | ADDRESS_FORBIDDEN spec.ranges[1]: read 223.255.255.250-224.0.0.5, expected addresses that a node can have in its network, so none of 224.0.0.0/3
            fe80::10/127      |            |              | ADDRESS_FORBIDDEN spec.ranges[1]: read fe80::10/127, expected addresses that a node can have in its network, so none of fe80::/10
            10.244.1.0/28     |            |              | ADDRESS_IS_OURS spec.ranges[1]: read 10.244.1.0/28, expected addresses that no pod can have, so none of 10.244.0.0/16
            203.0.113.8/29    |            |              | BAD_CONFIGURATION spec.ranges[1]: read 203.0.113.8/29, expected addresses that are not in 203.0.113.10-203.0.113.19 above; remove one of the two
            """)
    void aRangeThatCannotBeMeantIsLeftOutAndTheOthersAreInForce(String cidr, String start, String end, String why) {
        var spec = new EgressPoolSpec(
                List.of(
                        range("", "203.0.113.10", "203.0.113.19"),
                        range(cidr, start, end),
                        range("", "203.0.113.30", "203.0.113.39")),
                Optional.empty(),
                Optional.empty());
        assertThat(read(spec).pool().orElseThrow().ranges())
                .hasToString("[203.0.113.10-203.0.113.19, 203.0.113.30-203.0.113.39]");
        assertThat(read(spec).refused())
                .extracting(invalid -> invalid.reason() + " " + invalid)
                .containsExactly(why.replace(" spec.", " EgressIPPool blue spec."));
    }

    @Test
    void whereItIsNotClearWhichNodesOrHowManyThereIsNoPool() {
        var near = new SelectorSpec(Map.of(), List.of(new Expression("egress", "Near", List.of())));
        var ranges = List.of(range("192.0.2.0/29", "", ""));
        assertThat(read(new EgressPoolSpec(ranges, Optional.of(near), Optional.empty()))
                        .pool())
                .isEmpty();
        var none = read(new EgressPoolSpec(ranges, Optional.empty(), Optional.of(0)));
        assertThat(none.pool()).isEmpty();
        assertThat(none.refused())
                .extracting(Invalid::toString)
                .containsExactly(
                        "EgressIPPool blue spec.maxPerNode: read 0, expected at least 1; leave it out for any number");
    }

    @Test
    void aPoolWithoutRangesIsNone() {
        var reading = read(new EgressPoolSpec(null, null, null));
        assertThat(reading.pool()).isEmpty();
        assertThat(reading.refused()).hasSize(1);
    }

    private static EgressPoolReading read(EgressPoolSpec spec) {
        return EgressPoolReading.of("blue", CREATED, spec, List.of(Prefix.parse("10.244.0.0/16")));
    }

    private static Range range(String cidr, String start, String end) {
        return new Range(Optional.ofNullable(cidr), Optional.ofNullable(start), Optional.ofNullable(end));
    }
}
