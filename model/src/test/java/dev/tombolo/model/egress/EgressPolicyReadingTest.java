package dev.tombolo.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPolicySpec.Gateway;
import dev.tombolo.model.egress.EgressPolicySpec.Source;
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
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPolicyReadingTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Optional<SelectorSpec> ALL = Optional.of(new SelectorSpec(Map.of(), List.of()));
    private static final Optional<SelectorSpec> NONE = Optional.empty();
    private static final Source EVERY_POD = new Source(ALL, NONE, NONE);

    @Test
    void readsEveryField() {
        var reading = read(new EgressPolicySpec(
                List.of(new Source(labels("app", "web"), labels("team", "shop"), labels("disk", "ssd"))),
                List.of("0.0.0.0/0", "198.51.100.7/24"),
                List.of("10.0.0.0/8"),
                Optional.of(gateway("", "192.0.2.10")),
                List.of()));
        assertThat(reading.policy())
                .contains(new EgressPolicy(
                        "out",
                        CREATED,
                        List.of(new EgressSource(
                                LabelSelector.of(Map.of("app", "web")),
                                LabelSelector.of(Map.of("team", "shop")),
                                LabelSelector.of(Map.of("disk", "ssd")))),
                        List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("198.51.100.0/24")),
                        List.of(Prefix.parse("10.0.0.0/8")),
                        List.of(new EgressGateway(
                                LabelSelector.of(Map.of("egress", "true")),
                                new EgressAddress.Fixed(IpAddress.parse("192.0.2.10")))),
                        EgressPreferences.DEFAULT));
        assertThat(reading.ignored()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # destination  | interface | egressIP       | read and expected
            0.0.0.0/0      | eth1      | 192.0.2.10     | spec.egressGateway: read interface eth1 and egressIP 192.0.2.10, expected one of them or neither: remove one
            2001:db8::/32  |           | 192.0.2.10     | spec.egressGateway.egressIP: read 192.0.2.10 for destination 2001:db8::/32, expected an IPv6 address for IPv6 destinations: use a policy for each family
            0.0.0.0/0      |           | 2001:db8::10   | spec.egressGateway.egressIP: read 2001:db8::10 for destination 0.0.0.0/0, expected an IPv4 address for IPv4 destinations: use a policy for each family
            0.0.0.0/0      |           | 127.0.0.1      | spec.egressGateway.egressIP: read 127.0.0.1, expected an IP address that can be the source of packets, for instance 192.0.2.10
            0.0.0.0/0      |           | gateway.local  | spec.egressGateway.egressIP: read gateway.local, expected an IP address that can be the source of packets, for instance 192.0.2.10
            0.0.0.0/0      | eth/1     |                | spec.egressGateway.interface: read eth/1, expected the name of a network device of the gateways, for instance eth1
            192.0.2.0/33   |           |                | spec.destinationCIDRs: read 192.0.2.0/33, expected a CIDR, for instance 192.0.2.0/24
            """)
    void saysWhatWasReadWhatWasExpectedAndWhatToDo(String destination, String device, String egressIp, String message) {
        var reading = read(spec(List.of(EVERY_POD), destination, gateway(device, egressIp)));
        assertThat(reading.refused())
                .extracting(Invalid::toString)
                .containsExactly("CiliumEgressGatewayPolicy out " + message);
    }

    @Test
    void aPolicyWhoseGatewaysAreWrongIsInForceWithoutAny() {
        var both = gateway("eth1", "192.0.2.10");
        assertThat(read(spec(List.of(EVERY_POD), "0.0.0.0/0", both))
                        .policy()
                        .orElseThrow()
                        .gateways())
                .isEmpty();
        var oneOfTwo = new EgressPolicySpec(
                List.of(EVERY_POD),
                List.of("0.0.0.0/0"),
                List.of(),
                Optional.empty(),
                List.of(gateway("eth1", ""), both));
        assertThat(read(oneOfTwo).policy().orElseThrow().gateways()).isEmpty();
    }

    @Test
    void thereIsNoPolicyWhereItIsNotClearWhomItNames() {
        assertThat(read(spec(List.of(EVERY_POD), "everywhere", gateway("eth1", "")))
                        .policy())
                .isEmpty();
    }

    @Test
    void refusesSelectorsThatCannotBeMeantAndReportsThemTogether() {
        var reading = read(spec(
                List.of(
                        new Source(NONE, NONE, labels("disk", "ssd")),
                        new Source(expression("app", "In"), NONE, NONE),
                        new Source(expression("app", "Exists", "web"), NONE, NONE),
                        new Source(ALL, expression("app", "Like", "web"), NONE)),
                "0.0.0.0/0",
                gateway("", "")));
        assertThat(reading.policy()).isEmpty();
        assertThat(reading.refused())
                .extracting(invalid -> invalid.where().substring("CiliumEgressGatewayPolicy out spec.".length()))
                .containsExactly(
                        "selectors[0]",
                        "selectors[1].podSelector.matchExpressions.values",
                        "selectors[2].podSelector.matchExpressions.values",
                        "selectors[3].namespaceSelector.matchExpressions.operator");
    }

    @Test
    void refusesAPolicyThatLeavesOutWhatItNeeds() {
        var reading = read(new EgressPolicySpec(List.of(), List.of(), List.of(), Optional.empty(), List.of()));
        assertThat(reading.refused())
                .extracting(Invalid::where)
                .containsExactly(
                        "CiliumEgressGatewayPolicy out spec.selectors",
                        "CiliumEgressGatewayPolicy out spec.destinationCIDRs",
                        "CiliumEgressGatewayPolicy out spec.egressGateway");
        var noNodes = new Gateway(NONE, Optional.empty(), Optional.empty());
        assertThat(read(spec(List.of(EVERY_POD), "0.0.0.0/0", noNodes)).refused())
                .extracting(Invalid::where)
                .containsExactly("CiliumEgressGatewayPolicy out spec.egressGateway.nodeSelector");
    }

    @Test
    void anEmptySelectorSelectsEverything() {
        var reading = read(spec(List.of(new Source(NONE, ALL, NONE)), "0.0.0.0/0", gateway("", "")));
        assertThat(reading.policy().orElseThrow().sources())
                .containsExactly(
                        new EgressSource(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, LabelSelector.EVERYTHING));
    }

    @Test
    void forgetsTheSourceThatCiliumWritesBeforeAKey() {
        var source = new Source(labels("k8s:io.kubernetes.pod.namespace", "shop"), NONE, NONE);
        var reading = read(spec(List.of(source), "0.0.0.0/0", gateway("", "")));
        assertThat(reading.policy().orElseThrow().sources().getFirst().pods())
                .isEqualTo(LabelSelector.of(Map.of("io.kubernetes.pod.namespace", "shop")));
    }

    @Test
    void aHoleOutsideTheDestinationsIsReportedAndThePolicyStays() {
        var reading = read(new EgressPolicySpec(
                List.of(EVERY_POD),
                List.of("10.1.0.0/16"),
                List.of("10.1.2.0/24", "192.0.2.0/24"),
                Optional.of(gateway("", "")),
                List.of()));
        assertThat(reading.policy()).isPresent();
        assertThat(reading.ignored())
                .extracting(Invalid::toString)
                .containsExactly("CiliumEgressGatewayPolicy out spec.excludedCIDRs: read 192.0.2.0/24,"
                        + " expected a range within a destination; this one has no effect and can be removed");
    }

    @Test
    void theListOfGatewaysCountsAndTheSingleOneRepeatsAnEntryOfIt() {
        var first = gateway("", "192.0.2.10");
        var second = gateway("", "192.0.2.11");
        var list = new EgressPolicySpec(
                List.of(EVERY_POD), List.of("0.0.0.0/0"), List.of(), Optional.of(first), List.of(first, second));
        assertThat(read(list).policy().orElseThrow().gateways()).hasSize(2);
        assertThat(read(list).ignored()).isEmpty();
        var other = new EgressPolicySpec(
                List.of(EVERY_POD), List.of("0.0.0.0/0"), List.of(), Optional.of(first), List.of(second));
        assertThat(read(other).policy().orElseThrow().gateways())
                .extracting(EgressGateway::address)
                .containsExactly(new EgressAddress.Fixed(IpAddress.parse("192.0.2.11")));
        assertThat(read(other).ignored()).hasSize(1);
    }

    @Test
    void annotationsAskForMore() {
        var reading = annotated(
                gateway("eth1", ""),
                Map.of(
                        "egress.tombolo.dev/priority", "-5",
                        "egress.tombolo.dev/max-gateways", "3",
                        "egress.tombolo.dev/failover", "off",
                        "egress.tombolo.dev/zone-preference", "same",
                        "egress.tombolo.dev/cluster", "east",
                        "egress.tombolo.dev/rate-limit", "1.5G",
                        "example.com/other", "x"));
        assertThat(reading.policy().orElseThrow().preferences())
                .isEqualTo(new EgressPreferences(
                        -5,
                        OptionalInt.of(3),
                        false,
                        true,
                        Optional.of(new ClusterName("east")),
                        OptionalLong.of(1_500_000_000)));
        assertThat(reading.ignored()).isEmpty();
    }

    @Test
    void anAnnotationThatIsNotUnderstoodCountsAsAbsentAndIsReported() {
        var reading = annotated(
                gateway("eth1", ""),
                Map.of(
                        "egress.tombolo.dev/priority", "high",
                        "egress.tombolo.dev/max-gateways", "0",
                        "egress.tombolo.dev/failover", "false",
                        "egress.tombolo.dev/zone-preference", "near",
                        "egress.tombolo.dev/cluster", "East!",
                        "egress.tombolo.dev/max-gateway", "2"));
        assertThat(reading.policy().orElseThrow().preferences()).isEqualTo(EgressPreferences.DEFAULT);
        assertThat(reading.ignored()).hasSize(6).allMatch(i -> i.reason() == Invalid.Reason.BAD_ANNOTATION);
    }

    @ParameterizedTest
    @CsvSource({
        "8k, 8000",
        "8000, 8000",
        "64k, 64000",
        "100M, 100000000",
        "2.048M, 2048000",
        "1.5G, 1500000000",
        "1T, 1000000000000"
    })
    void aRateIsReadInBits(String text, long bits) {
        var reading = annotated(gateway("eth1", ""), Map.of("egress.tombolo.dev/rate-limit", text));
        assertThat(reading.policy().orElseThrow().preferences().rateLimit()).hasValue(bits);
        assertThat(reading.ignored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "7999",
                "7.999k",
                "1.1T",
                "-1M",
                "+1M",
                "1 M",
                "1m",
                "1K",
                "1MB",
                "1Mbit",
                "1e6",
                "M",
                ".5G",
                "5.G",
                "1.2345M",
                "99999999999999",
                "0x10M",
                "١M"
            })
    void aRateThatIsNotOneIsReported(String text) {
        var reading = annotated(gateway("eth1", ""), Map.of("egress.tombolo.dev/rate-limit", text));
        assertThat(reading.policy().orElseThrow().preferences().rateLimit()).isEmpty();
        assertThat(reading.ignored())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("rate-limit", "8k to 1T"));
    }

    @Test
    void oneAddressHasOneGateway() {
        var reading = annotated(gateway("", "192.0.2.10"), Map.of("egress.tombolo.dev/max-gateways", "2"));
        assertThat(reading.policy().orElseThrow().preferences().maxGateways()).isEmpty();
        assertThat(reading.ignored()).hasSize(1);
    }

    @Test
    void aGatewayThatNamesNoAddressGetsOneOfThePool() {
        var pool = Map.of("egress.tombolo.dev/pool", "blue", "egress.tombolo.dev/max-gateways", "2");
        var reading = annotated(gateway("", ""), pool);
        var policy = reading.policy().orElseThrow();
        assertThat(policy.gateways())
                .extracting(EgressGateway::address)
                .containsExactly(new EgressAddress.OfPool("blue"));
        assertThat(policy.preferences().maxGateways()).isEmpty();
        assertThat(reading.ignored())
                .extracting(Invalid::where)
                .containsExactly("CiliumEgressGatewayPolicy out annotation egress.tombolo.dev/max-gateways");
    }

    @Test
    void aPoolIsOfNoUseWhereEveryGatewayNamesItsAddress() {
        var reading = annotated(gateway("eth1", ""), Map.of("egress.tombolo.dev/pool", "blue"));
        assertThat(reading.policy().orElseThrow().gateways())
                .extracting(EgressGateway::address)
                .containsExactly(new EgressAddress.OfInterface("eth1"));
        assertThat(reading.ignored())
                .extracting(Invalid::toString)
                .containsExactly("CiliumEgressGatewayPolicy out annotation egress.tombolo.dev/pool: read blue,"
                        + " expected a gateway with neither interface nor egressIP; remove that, or the annotation");
    }

    @Test
    void anAddressOfAPoolIsForDestinationsOfOneFamily() {
        var spec = new EgressPolicySpec(
                List.of(EVERY_POD), List.of("0.0.0.0/0", "::/0"), List.of(), Optional.of(gateway("", "")), List.of());
        var reading = EgressPolicyReading.of("out", CREATED, spec, Map.of("egress.tombolo.dev/pool", "blue"));
        assertThat(reading.policy().orElseThrow().gateways()).isEmpty();
        assertThat(reading.refused())
                .extracting(Invalid::read)
                .containsExactly("IPv4 and IPv6 for an address of pool blue");
    }

    @Test
    void gatewaysOfAnotherClusterMayBeOfBothFamilies() {
        var spec = new EgressPolicySpec(
                List.of(EVERY_POD), List.of("0.0.0.0/0", "::/0"), List.of(), Optional.of(gateway("", "")), List.of());
        var there = EgressPolicyReading.of("out", CREATED, spec, Map.of("egress.tombolo.dev/cluster", "east"));
        assertThat(there.policy().orElseThrow().gateways()).hasSize(1);
        assertThat(there.ignored()).isEmpty();
    }

    @Test
    void rankIsPriorityThenAgeThenName() {
        var plain = read(spec(List.of(EVERY_POD), "0.0.0.0/0", gateway("", "")));
        var old = named(plain, "b", CREATED.minusSeconds(1), 0);
        var urgent = named(plain, "c", CREATED.plusSeconds(1), 1);
        assertThat(List.of(named(plain, "z", CREATED, 0), named(plain, "a", CREATED, 0), old, urgent).stream()
                        .sorted(EgressPolicy.RANK)
                        .map(EgressPolicy::name))
                .containsExactly("c", "b", "a", "z");
    }

    private static EgressPolicy named(EgressPolicyReading reading, String name, Instant created, int priority) {
        var policy = reading.policy().orElseThrow();
        return new EgressPolicy(
                name,
                created,
                policy.sources(),
                policy.destinations(),
                policy.excluded(),
                policy.gateways(),
                new EgressPreferences(
                        priority, OptionalInt.empty(), true, false, Optional.empty(), OptionalLong.empty()));
    }

    private static EgressPolicyReading annotated(Gateway gateway, Map<String, String> annotations) {
        return EgressPolicyReading.of("out", CREATED, spec(List.of(EVERY_POD), "0.0.0.0/0", gateway), annotations);
    }

    private static EgressPolicyReading read(EgressPolicySpec spec) {
        return EgressPolicyReading.of("out", CREATED, spec, Map.of());
    }

    private static EgressPolicySpec spec(List<Source> sources, String destination, Gateway gateway) {
        return new EgressPolicySpec(sources, List.of(destination), List.of(), Optional.of(gateway), List.of());
    }

    private static Gateway gateway(String device, String egressIp) {
        return new Gateway(labels("egress", "true"), Optional.ofNullable(device), Optional.ofNullable(egressIp));
    }

    private static Optional<SelectorSpec> labels(String key, String value) {
        return Optional.of(new SelectorSpec(Map.of(key, value), List.of()));
    }

    private static Optional<SelectorSpec> expression(String key, String operator, String... values) {
        return Optional.of(new SelectorSpec(Map.of(), List.of(new Expression(key, operator, List.of(values)))));
    }
}
