package dev.tombolo.bgp.plan;

import static dev.tombolo.bgp.plan.Rack.at;
import static dev.tombolo.bgp.plan.Rack.gateway;
import static dev.tombolo.bgp.plan.Rack.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.GracefulRestart;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Timers;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Transport;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerPlanTest {
    @Test
    void aPeerIsAsItWasDeclared() {
        var spec = new BgpPeerConfigSpec(
                Optional.of(new Transport(Optional.of(1790), Optional.empty())),
                Optional.of(new Timers(Optional.empty(), Optional.of(9), Optional.of(3))),
                Optional.of("tor-password"),
                Optional.of(new GracefulRestart(true, Optional.of(15))),
                Optional.of(4),
                Rack.families("ipv4", "ipv6").families());
        var planned = new Rack()
                .config("rack0", at("tor", "192.0.2.1", 64501, "tor"))
                .peerConfig("tor", spec)
                .password("tor-password", "secret")
                .plan();
        assertThat(planned.problems()).isEmpty();
        var session = new BgpPeer(
                new PeerId("a", "tor"),
                new Asn(64500),
                new Asn(64501),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.11"),
                IpAddress.parse("192.0.2.1"),
                1790,
                Duration.ofSeconds(9),
                4,
                Optional.of(Duration.ofSeconds(15)),
                Optional.of(new Password("secret")),
                new TreeSet<>(EnumSet.allOf(BgpFamily.class)));
        var chosen = LabelSelector.of(Map.of("advertise", "bgp"));
        assertThat(planned.peers().values())
                .containsExactly(new PlannedPeer(
                        session,
                        "rack0",
                        Optional.of("tor"),
                        Map.of(BgpFamily.IPV4, chosen, BgpFamily.IPV6, chosen),
                        Map.of(
                                BgpFamily.IPV4,
                                IpAddress.parse("192.0.2.11"),
                                BgpFamily.IPV6,
                                IpAddress.parse("2001:db8::11")),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void withoutAPeerConfigDefaultsCountAndNothingIsTold() {
        var peer = only(new Rack().config("rack0", at("tor", "192.0.2.1", 64501, null)));
        assertThat(peer.session().holdTime()).isEqualTo(Duration.ofSeconds(90));
        assertThat(peer.session().hops()).isEqualTo(1);
        assertThat(peer.session().families()).containsExactly(BgpFamily.IPV4, BgpFamily.IPV6);
        assertThat(peer.advertisements()).isEmpty();
    }

    @Test
    void aRouterOfTheSameSystemMayBeManyHopsAway() {
        assertThat(only(new Rack().config("rack0", at("rr", "203.0.113.1", 64500, null)))
                        .session()
                        .hops())
                .isEqualTo(64);
    }

    @Test
    void ofTwoConfigurationsForANodeTheOlderOneHasIt() {
        var young = instance("a", 64500L, at("young", "192.0.2.2", 64501, null));
        var old = instance("a", 64500L, at("old", "192.0.2.1", 64501, null));
        var planned = new Rack()
                .config("young", Map.of("rack", "0"), Rack.CREATED.plusSeconds(1), young)
                .config("old", Map.of(), Rack.CREATED, old)
                .config("elsewhere", Map.of("rack", "1"), Rack.CREATED.minusSeconds(9), young)
                .plan();
        assertThat(planned.peers()).containsOnlyKeys(new PeerId("a", "old"));
        assertThat(planned.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.CONFLICTING_CLUSTER_CONFIG);
            assertThat(problem.clusterConfig()).isEqualTo("young");
            assertThat(problem.message())
                    .isEqualTo("CiliumBGPClusterConfig old, which is older, is for node n1 too and has it; change the "
                            + "nodeSelector of one of them");
        });
    }

    @Test
    void aPeerConfigThatIsNotThereKeepsThePeerDown() {
        assertThat(problem(new Rack().config("rack0", at("tor", "192.0.2.1", 64501, "tor"))))
                .isEqualTo("MISSING_PEER_CONFIG a/tor: there is no CiliumBGPPeerConfig tor");
    }

    @Test
    void aPeerConfigThatCannotBeMeantKeepsThePeerDown() {
        var wrong = new BgpPeerConfigSpec(null, null, null, null, Optional.of(0), null);
        assertThat(problem(new Rack()
                        .config("rack0", at("tor", "192.0.2.1", 64501, "tor"))
                        .peerConfig("tor", wrong)))
                .isEqualTo(
                        "PEER_CONFIG_REFUSED a/tor: CiliumBGPPeerConfig tor spec.ebgpMultihop: read 0, expected 1 to 255");
    }

    /** Cilium goes on without a password, which a router that has none would take. */
    @Test
    void withoutItsSecretAPeerStaysDown() {
        var rack = new Rack()
                .config("rack0", at("tor", "192.0.2.1", 64501, "tor"))
                .peerConfig("tor", secret())
                .password("s", null);
        assertThat(problem(rack))
                .startsWith("MISSING_AUTH_SECRET a/tor: there is no Secret s in namespace kube-system with a "
                        + "key password");
        assertThat(rack.plan().peers()).isEmpty();
        assertThat(only(rack.password("s", "x")).session().password()).contains(new Password("x"));
    }

    @Test
    void onlySecretsOfRoutersOfThisNodeAreLookedFor() {
        var other = new BgpPeerConfigSpec(null, null, Optional.of("elsewhere"), null, null, null);
        var rack = new Rack()
                .config("rack0", at("tor", "192.0.2.1", 64501, "tor"))
                .config(
                        "rack1",
                        Map.of("rack", "1"),
                        Rack.CREATED,
                        instance("a", 64500L, at("x", "192.0.2.2", 64501, "x")))
                .peerConfig("tor", secret())
                .peerConfig("x", other)
                .peerConfig("nobodys", other);
        assertThat(rack.input().secrets()).containsExactly("s");
    }

    /** After a start: the session may be up, so nobody may end it for not having looked. */
    @Test
    void beforeItsSecretWasLookedForNothingIsKnown() {
        var rack =
                new Rack().config("rack0", at("tor", "192.0.2.1", 64501, "tor")).peerConfig("tor", secret());
        assertThat(rack.input().secrets()).containsExactly("s");
        assertThat(rack.plan().isSettled()).isFalse();
        assertThat(rack.password("s", null).plan().isSettled()).isTrue();
        assertThat(rack.password("s", "x").plan().isSettled()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'a\n', 1", "ä, 1", "x, 81"})
    void aPasswordThatCannotBeOneKeepsThePeerDownAndIsNotPrinted(String letter, int times) {
        var rack =
                new Rack().config("rack0", at("tor", "192.0.2.1", 64501, "tor")).peerConfig("tor", secret());
        String told = problem(rack.password("s", letter.repeat(times)));
        assertThat(told).startsWith("MISSING_AUTH_SECRET a/tor: the password of Secret s cannot be one of TCP MD5");
        assertThat(told).doesNotContain("xxx");
    }

    @Test
    void theGatewayOfTheBestDefaultRouteIsARouter() {
        var rack = new Rack()
                .route("0.0.0.0/0", "192.0.2.2", "eth0", 50)
                .route("::/0", "2001:db8::2", "eth0", 200)
                .config("rack0", gateway("four", "ipv4"), gateway("six", "ipv6"));
        assertThat(rack.plan().sessions())
                .extracting(session -> session.localAddress() + " " + session.peerAddress())
                .containsExactly("192.0.2.11 192.0.2.2", "2001:db8::11 2001:db8::1");
    }

    @ParameterizedTest
    @CsvSource({"fe80::1", "''"})
    void aGatewayOfTheLinkOnlyIsNone(String address) {
        var rack = new Rack()
                .network("2001:db8::11")
                .route("::/0", address.isEmpty() ? null : address, "eth0", 0)
                .config("rack0", gateway("six", "ipv6"));
        assertThat(problem(rack)).startsWith("NO_DEFAULT_GATEWAY a/six: this node has no default route");
    }

    @Test
    void theSessionComesFromTheAddressThatTheRouteHas() {
        var rack = new Rack()
                .device("eth1", "198.51.100.11", "2001:db8:1::11")
                .route("203.0.113.0/24", "198.51.100.254", "eth1", 0)
                .route("203.0.113.9/32", "192.0.2.1", "eth0", 0, "198.51.100.1")
                .config("rack0", at("x", "203.0.113.1", 64501, null), at("y", "203.0.113.9", 64501, null));
        assertThat(rack.plan().peers().values())
                .extracting(peer ->
                        peer.session().localAddress() + " " + peer.nextHops().get(BgpFamily.IPV6))
                .containsExactly("198.51.100.11 2001:db8:1::11", "198.51.100.1 2001:db8::11");
    }

    @Test
    void theSessionComesFromTheDeviceThatWasSaid() {
        var rack = new Rack()
                .config("rack0", at("tor", "192.0.2.1", 64501, "lo"), at("six", "2001:db8::1", 64501, "lo"))
                .peerConfig(
                        "lo",
                        new BgpPeerConfigSpec(
                                Optional.of(new Transport(null, Optional.of("lo"))), null, null, null, null, null));
        assertThat(rack.plan().sessions())
                .extracting(BgpPeer::localAddress)
                .containsExactly(IpAddress.parse("198.51.100.1"));
        assertThat(problem(rack)).startsWith("NO_LOCAL_ADDRESS a/six: this node has no address on device lo");
    }

    @Test
    void anOverrideSaysWhatIsOtherOnThisNode() {
        var override = new BgpOverrideSpec.Instance(
                "a",
                Optional.of("203.0.113.7"),
                Optional.empty(),
                Optional.of(64510L),
                List.of(new BgpOverrideSpec.Peer("tor", Optional.of("198.51.100.1"), Optional.empty())));
        var session = only(new Rack()
                        .config("rack0", at("tor", "192.0.2.1", 64501, null))
                        .override(override))
                .session();
        assertThat(List.of(session.routerId(), session.localAddress())).hasToString("[203.0.113.7, 198.51.100.1]");
        assertThat(session.localAsn()).isEqualTo(new Asn(64510));
    }

    @Test
    void anOverrideThatCannotBeMeantKeepsItsInstanceDown() {
        var wrong =
                new BgpOverrideSpec.Instance("a", Optional.of("::1"), Optional.empty(), Optional.empty(), List.of());
        var rack = new Rack()
                .config(
                        "rack0",
                        Map.of(),
                        Rack.CREATED,
                        instance("a", 64500L, at("tor", "192.0.2.1", 64501, null)),
                        instance("b", 64500L, at("tor", "192.0.2.2", 64501, null)))
                .override(wrong);
        assertThat(problem(rack)).startsWith("OVERRIDE_REFUSED a/tor: what CiliumBGPNodeConfigOverride n1 says");
        assertThat(rack.plan().peers()).containsOnlyKeys(new PeerId("b", "tor"));
    }

    @Test
    void anAddressOfTheOtherFamilyReachesNobody() {
        var override = new BgpOverrideSpec.Instance(
                "a",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new BgpOverrideSpec.Peer("tor", Optional.of("2001:db8::11"), Optional.empty())));
        assertThat(problem(new Rack()
                        .config("rack0", at("tor", "192.0.2.1", 64501, null))
                        .override(override)))
                .isEqualTo("FAMILY_MISMATCH a/tor: localAddress 2001:db8::11 cannot reach 192.0.2.1, which is of the "
                        + "other family; mend it in CiliumBGPNodeConfigOverride n1");
    }

    @Test
    void withoutANumberThereIsNoSession() {
        var rack = new Rack()
                .config("rack0", Map.of(), Rack.CREATED, instance("a", null, at("tor", "192.0.2.1", 64501, null)));
        assertThat(problem(rack)).startsWith("NO_LOCAL_ASN a/tor: instance a has no localASN");
    }

    @Test
    void aNodeDoesNotSpeakToItself() {
        assertThat(problem(new Rack().config("rack0", at("tor", "198.51.100.1", 64501, null))))
                .startsWith("OWN_ADDRESS a/tor: 198.51.100.1");
    }

    @Test
    void ofTwoPeersThatAreTheSameRouterTheFirstByNameIsUp() {
        var rack = new Rack()
                .config(
                        "rack0",
                        Map.of(),
                        Rack.CREATED,
                        instance("b", 64501L, at("tor", "192.0.2.1", 64501, null)),
                        instance("a", 64500L, at("z", "192.0.2.1", 64501, null), at("y", "192.0.2.1", 64501, null)));
        assertThat(rack.plan().peers()).containsOnlyKeys(new PeerId("a", "y"));
        assertThat(rack.plan().problems())
                .extracting(problem -> problem.kind() + " " + problem.peer().orElseThrow())
                .containsExactly("DUPLICATE_PEER a/z", "DUPLICATE_PEER b/tor");
    }

    @Test
    void theNodesAddressIsItsRouterIdAndWithoutOneItIsMadeOfTheOther() {
        assertThat(routerId("192.0.2.11", "2001:db8::11")).isEqualTo(IpAddress.parse("192.0.2.11"));
        assertThat(routerId("2001:db8::11"))
                .isEqualTo(routerId("2001:db8::11"))
                .isNotEqualTo(routerId("2001:db8::12"))
                .satisfies(id -> assertThat(id.isV4()).isTrue());
    }

    /** RFC 8950; nothing says how IPv6 could be sent to an IPv4 address. */
    @Test
    void ipv4IsSentToAnIpv6AddressWhereThereIsNoOther() {
        var six = new Rack()
                .network("2001:db8::11")
                .nodeAddresses("2001:db8::11")
                .route("2001:db8::/64", null, "eth0", 0)
                .config("rack0", at("tor", "2001:db8::1", 64501, null));
        assertThat(only(six).nextHops())
                .containsOnly(
                        Map.entry(BgpFamily.IPV4, IpAddress.parse("2001:db8::11")),
                        Map.entry(BgpFamily.IPV6, IpAddress.parse("2001:db8::11")));
        var four = new Rack()
                .network("192.0.2.11")
                .nodeAddresses("192.0.2.11")
                .route("192.0.2.0/24", null, "eth0", 0)
                .config("rack0", at("tor", "192.0.2.1", 64501, null));
        assertThat(only(four).nextHops()).containsOnlyKeys(BgpFamily.IPV4);
    }

    private static IpAddress routerId(String... addresses) {
        return only(new Rack().nodeAddresses(addresses).config("rack0", at("tor", "2001:db8::1", 64501, null)))
                .session()
                .routerId();
    }

    private static BgpPeerConfigSpec secret() {
        return new BgpPeerConfigSpec(null, null, Optional.of("s"), null, null, null);
    }

    private static PlannedPeer only(Rack rack) {
        var planned = rack.plan();
        assertThat(planned.problems()).isEmpty();
        assertThat(planned.peers()).hasSize(1);
        return planned.peers().firstEntry().getValue();
    }

    private static String problem(Rack rack) {
        var problem = rack.plan().problems().getFirst();
        return problem.kind() + " " + problem.peer().orElseThrow() + ": " + problem.message();
    }
}
