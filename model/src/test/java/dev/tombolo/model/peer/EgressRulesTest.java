package dev.tombolo.model.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressRulesTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final LabelSelector ALL = LabelSelector.EVERYTHING;
    private static final PeerDeclaration DECLARED = new PeerDeclaration(
            WEST,
            new ClusterId(2),
            MeshNumbering.CLUSTERS_255,
            List.of(Prefix.parse("10.2.0.0/16")),
            List.of(Prefix.parse("192.0.2.0/28")),
            List.of(Prefix.parse("100.64.128.0/18")),
            PeerQuotas.DEFAULT);
    private static final List<Prefix> OURS = List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.2.99.0/24"));
    private static final PeerRules ALLOWED = new PeerRules(DECLARED.withGateways(true), OURS);

    @ParameterizedTest
    @CsvSource({
        "10.2.0.7, believed",
        "10.1.0.7, ADDRESS_IS_OURS",
        "10.2.99.7, ADDRESS_IS_OURS",
        "192.0.2.3, ADDRESS_NOT_DECLARED",
        "8.8.8.8, ADDRESS_NOT_DECLARED",
        "127.0.0.1, ADDRESS_FORBIDDEN",
    })
    void aPodIsOneOfThePeersOwn(String address, String verdict) {
        assertThat(verdict(ALLOWED, pod(WEST, address, 1))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"billing, believed", "west/billing, MALFORMED", "'', MALFORMED", "Billing, MALFORMED", "a.b, believed"})
    void aPolicyHasANameThatKubernetesCouldHaveGiven(String name, String verdict) {
        assertThat(verdict(ALLOWED, policy(name, 1, 1))).isEqualTo(verdict);
    }

    @Test
    void whatIsTooMuchIsRefused() {
        assertThat(verdict(ALLOWED, policy("billing", 257, 1))).isEqualTo("TOO_LARGE");
        assertThat(verdict(ALLOWED, policy("billing", 1, 17))).isEqualTo("TOO_LARGE");
        assertThat(verdict(ALLOWED, pod(WEST, "10.2.0.7", 17))).isEqualTo("TOO_LARGE");
    }

    @ParameterizedTest
    @CsvSource({
        "egress, yes, believed",
        "node-role.kubernetes.io/control-plane, '', believed",
        "'node-role.kubernetes.io/control-plane,egress=yes', '', MALFORMED",
        "egress, 'yes,zone=a', MALFORMED",
        "'', yes, MALFORMED",
    })
    void aSelectorIsOfLabelsThatKubernetesCouldHave(String key, String value, String verdict) {
        var nodes = new LabelSelector(List.of(new LabelRequirement(key, LabelRequirement.Operator.IN, Set.of(value))));
        assertThat(verdict(ALLOWED, policy(new EgressGateway(nodes, new EgressAddress.OfDefaultRoute()))))
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.10, believed",
        "127.0.0.1, ADDRESS_FORBIDDEN",
        "0.0.0.0, ADDRESS_FORBIDDEN",
        "169.254.1.1, ADDRESS_FORBIDDEN",
        "224.0.0.1, ADDRESS_FORBIDDEN",
    })
    void anAddressCanBeASource(String address, String verdict) {
        var fixed = new EgressAddress.Fixed(IpAddress.parse(address));
        assertThat(verdict(ALLOWED, policy(new EgressGateway(ALL, fixed)))).isEqualTo(verdict);
    }

    @Test
    void withoutConsentOnlyOffersAreBelieved() {
        var rules = new PeerRules(DECLARED, OURS);
        assertThat(verdict(rules, policy("billing", 1, 1))).isEqualTo("NOT_ALLOWED");
        assertThat(verdict(rules, pod(WEST, "10.2.0.7", 1))).isEqualTo("NOT_ALLOWED");
        assertThat(verdict(rules, offer(WEST, "n1"))).isEqualTo("believed");
    }

    @Test
    void whatANodeHoldsAreSourcesOfPacketsAndNotTooMany() {
        assertThat(verdict(ALLOWED, holding("192.0.2.10", "192.0.2.11"))).isEqualTo("believed");
        assertThat(verdict(ALLOWED, holding("192.0.2.10", "127.0.0.1"))).isEqualTo("ADDRESS_FORBIDDEN");
        var many = IntStream.rangeClosed(0, EgressRules.MOST_HELD)
                .mapToObj(n -> "192.0." + n / 256 + "." + n % 256)
                .toArray(String[]::new);
        assertThat(verdict(ALLOWED, holding(many))).isEqualTo("TOO_LARGE");
    }

    private static EgressMessage holding(String... addresses) {
        var held = Arrays.stream(addresses).map(IpAddress::parse).collect(Collectors.toSet());
        return new EgressMessage.Offer(new EgressNode(new NodeId(WEST, "n1"), Map.of(), true, false, held));
    }

    @Test
    void nobodySpeaksForAnother() {
        var north = new ClusterName("north");
        assertThat(verdict(ALLOWED, pod(north, "10.2.0.7", 1))).isEqualTo("WRONG_CLUSTER");
        assertThat(verdict(ALLOWED, offer(north, "n1"))).isEqualTo("WRONG_CLUSTER");
    }

    private static String verdict(PeerRules rules, EgressMessage message) {
        return rules.check(message).map(Invalid::reason).map(Enum::name).orElse("believed");
    }

    private static EgressMessage pod(ClusterName from, String address, int policies) {
        Map<String, Integer> entries =
                IntStream.range(0, policies).boxed().collect(Collectors.toMap(n -> "p" + n, _ -> 0));
        return new EgressMessage.Pod(from, IpAddress.parse(address), entries);
    }

    private static EgressMessage offer(ClusterName from, String node) {
        return new EgressMessage.Offer(new EgressNode(new NodeId(from, node), Map.of(), true, false));
    }

    private static EgressMessage policy(EgressGateway gateway) {
        return policy("billing", 1, List.of(gateway));
    }

    private static EgressMessage policy(String name, int destinations, int gateways) {
        return policy(
                name,
                destinations,
                Collections.nCopies(gateways, new EgressGateway(ALL, new EgressAddress.OfDefaultRoute())));
    }

    private static EgressMessage policy(String name, int destinations, List<EgressGateway> gateways) {
        return new EgressMessage.Request(
                WEST,
                new EgressPolicy(
                        name,
                        Instant.EPOCH,
                        List.of(new EgressSource(ALL, ALL, ALL)),
                        Collections.nCopies(destinations, Prefix.parse("198.51.100.0/24")),
                        List.of(),
                        gateways,
                        EgressPreferences.DEFAULT));
    }
}
