package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegsPlanTest {
    private static final Prefix OUTSIDE = Prefix.parse("198.51.100.0/24");
    private static final IpAddress SAMPLE = IpAddress.parse("198.51.100.0");
    private static final IpAddress EGRESS = IpAddress.parse("172.30.1.200");
    private static final Route ROUTER =
            Route.gateway(Prefix.parse("0.0.0.0/0"), IpAddress.parse("172.30.1.1"), "eth0", Route.MAIN_TABLE);

    private Optional<Duty.Place> place = Optional.of(new Duty.Place(EGRESS, "eth0"));
    private Optional<Duty.Owner> owner = Optional.empty();
    private boolean ownPods = true;
    private Optional<Boolean> answers = Optional.of(true);
    private Optional<Integer> size = Optional.empty();
    private Optional<String> failure = Optional.empty();

    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Integer> settings = new HashMap<>();
    private final Map<RouteQuestion, Optional<Route>> routes = new HashMap<>();
    private final Map<String, Tunnel> tunnels = new HashMap<>();
    private ForwardPolicy forward = new ForwardPolicy.Accept();

    LegsPlanTest() {
        link("eth0", 1_500, true, true);
        link("cni0", 1_500, true, true);
        link("tombolo-egw", 1_420, true, true);
        link("tombolo-eg1", 1_420, true, true);
        List.of("ipv4.ip_forward", "ipv4.conf.cni0.forwarding", "ipv4.conf.eth0.forwarding")
                .forEach(name -> settings.put(name, 1));
        settings.put("ipv4.conf.all.rp_filter", 0);
        settings.put("ipv4.conf.eth0.rp_filter", 1);
        route("eth0", ROUTER);
        route("", ROUTER);
        var tunnel = new Tunnel(true, Optional.of("2026-01-01T00:00:00Z"), true, Optional.of("eth0"));
        tunnels.put("tombolo-egw", tunnel);
        tunnels.put("tombolo-eg1", tunnel);
    }

    private void link(String name, int mtu, boolean up, boolean carrier) {
        links.put(name, new Link(links.size() + 1, name, mtu, up, carrier, true, Optional.empty()));
    }

    private void route(String by, Route found) {
        routes.put(
                new RouteQuestion(SAMPLE, Optional.of(by).filter(name -> !name.isEmpty())), Optional.ofNullable(found));
    }

    private Duty duty() {
        var billing = Set.of("billing");
        return new Duty(
                List.of(new Duty.Exit(EGRESS.toString(), true, place, owner, billing, Set.of(OUTSIDE), ownPods)),
                List.of(new Duty.Way("node2", "tombolo-eg1", answers, size, billing)),
                ownPods ? crossings() : Crossings.NONE,
                Optional.of(new Duty.GatewayDevice("tombolo-egw", billing)),
                List.of(),
                List.of(new Duty.Work("maps", "rows", "written", failure, "dropped", "make it larger")));
    }

    private static Crossings crossings() {
        var crossing =
                new Crossing("billing", true, Set.of(OUTSIDE), Set.of("cni0"), Set.of("eth0"), Set.of("tombolo-eg1"));
        return new Crossings(List.of(crossing), Set.of("eth0", "eth1"));
    }

    private List<Leg> legs() {
        return LegsPlan.legs(duty(), new Sight(links, settings, routes, tunnels, Map.of("cni0", forward)))
                .checked();
    }

    private List<String> brokenLegs() {
        return legs().stream()
                .filter(leg -> leg.state() == State.Broken)
                .map(leg -> leg.leg() + " " + leg.of() + ": " + leg.read())
                .toList();
    }

    private List<String> unknownLegs() {
        return legs().stream()
                .filter(leg -> leg.state() == State.Unknown)
                .map(Leg::leg)
                .toList();
    }

    @Test
    void allHoldWhereAllIsAsItShould() {
        assertThat(legs()).allMatch(leg -> leg.state() == State.Holds);
        assertThat(legs())
                .extracting(Leg::leg)
                .containsExactly(
                        "address",
                        "carrier",
                        "device",
                        "forward policy",
                        "forwarding",
                        "gateway",
                        "maps",
                        "mtu",
                        "mtu",
                        "reverse path",
                        "route",
                        "route");
    }

    @Test
    void whateverIsBrokenSaysWhatWasReadTheCauseAndTheFix() {
        place = Optional.empty();
        forward = new ForwardPolicy.Drop("nftables ip filter FORWARD", "iptables …");
        answers = Optional.of(false);
        failure = Optional.of("map eg_rules is full");
        settings.put("ipv4.ip_forward", 0);
        link("tombolo-egw", 1_420, false, false);
        var faults = legs().stream().filter(leg -> leg.state() != State.Holds).toList();
        assertThat(faults).hasSize(6);
        assertThat(faults).allSatisfy(leg -> {
            assertThat(leg.read()).isNotEmpty();
            assertThat(leg.expected()).isNotEmpty();
            assertThat(leg.cause()).isNotEmpty();
            assertThat(leg.fix()).isNotEmpty();
        });
    }

    @Test
    void anAddressThatNoDeviceHasIsMissedAlone() {
        place = Optional.empty();
        assertThat(brokenLegs()).containsExactly("address 172.30.1.200: no device has it");
    }

    @Test
    void anAddressThatFloatsHasToBeItsOwners() {
        owner = Optional.of(new Duty.Owner("node1", true, true));
        assertThat(brokenLegs()).isEmpty();
        owner = Optional.of(new Duty.Owner("node2", false, true));
        assertThat(brokenLegs()).containsExactly("owner 172.30.1.200: node2 owns it");
        owner = Optional.of(new Duty.Owner("node1", true, false));
        assertThat(unknownLegs()).containsExactly("owner");
    }

    @Test
    void aDeviceThatIsDownOrAloneIsNamed() {
        link("eth0", 1_500, false, false);
        assertThat(brokenLegs()).containsExactly("device eth0: eth0 is down");
        link("eth0", 1_500, true, false);
        assertThat(brokenLegs()).containsExactly("device eth0: eth0 is up and has no carrier");
    }

    @Test
    void withoutARouteByTheDeviceNothingLeaves() {
        route("eth0", null);
        assertThat(brokenLegs()).containsExactly("route 172.30.1.200: no route to 198.51.100.0/24 by eth0");
    }

    @Test
    void withoutAnyRouteNothingCrossesTheStackEither() {
        settings.put("ipv4.conf.eth0.rp_filter", 0);
        route("", null);
        assertThat(brokenLegs()).containsExactly("route IPv4: no route to 198.51.100.0/24 on this node");
        ownPods = false;
        assertThat(brokenLegs()).isEmpty();
    }

    @Test
    void aStrictFilterHurtsOnlyWhereRepliesComeByAnotherDeviceThanTheRouteAndCrossTheStack() {
        route("", Route.device(OUTSIDE, "eth1", Route.MAIN_TABLE));
        assertThat(brokenLegs())
                .containsExactly("reverse path 172.30.1.200: net.ipv4.conf.eth0.rp_filter is 1 (strict), and "
                        + "198.51.100.0/24 is reached by eth1");
        settings.put("ipv4.conf.all.rp_filter", 2);
        assertThat(brokenLegs()).isEmpty();
        settings.put("ipv4.conf.all.rp_filter", 0);
        ownPods = false;
        assertThat(brokenLegs()).isEmpty();
    }

    @Test
    void forwardingIsMissedWhereSomethingCrossesTheStack() {
        settings.put("ipv4.conf.cni0.forwarding", 0);
        assertThat(brokenLegs()).containsExactly("forwarding IPv4: net.ipv4.conf.cni0.forwarding is 0");
        settings.put("ipv4.ip_forward", 0);
        assertThat(brokenLegs()).containsExactly("forwarding IPv4: net.ipv4.ip_forward is 0");
        ownPods = false;
        assertThat(brokenLegs()).isEmpty();
    }

    @Test
    void aFirewallThatMayDropIsNotTakenForOneThatDoesNot() {
        forward = new ForwardPolicy.Drop("nftables ip filter FORWARD", "iptables …");
        assertThat(unknownLegs()).containsExactly("forward policy");
        forward = new ForwardPolicy.Unknown("nft: not found");
        assertThat(unknownLegs()).containsExactly("forward policy");
    }

    @Test
    void whatThePodsMaySendHasToFitIntoTheWayOut() {
        link("eth0", 1_400, true, true);
        assertThat(brokenLegs())
                .containsExactly(
                        "mtu 172.30.1.200: eth0 takes 1400 bytes, and pods of other nodes send up to 1420",
                        "mtu node2: eth0 takes 1400 bytes, tombolo-eg1 above it 1420");
        link("eth0", 1_500, true, true);
        route("eth0", ROUTER.withMtu(1_300));
        assertThat(brokenLegs())
                .containsExactly("mtu 172.30.1.200: eth0 takes 1300 bytes, and pods of other nodes send up to 1420");
    }

    /** Whether the node's own device is what is narrow, or the network. */
    @ParameterizedTest
    @ValueSource(ints = {1_500, 1_300})
    void aNarrowWayThatSendersAreToldOfHolds(int underlay) {
        size = Optional.of(1_216);
        link("eth0", underlay, true, true);
        assertThat(legs())
                .filteredOn(leg -> leg.leg().equals("mtu") && leg.of().equals("node2"))
                .singleElement()
                .satisfies(leg -> {
                    assertThat(leg.state()).isEqualTo(State.Holds);
                    assertThat(leg.read())
                            .isEqualTo("1216 of the 1420 in tombolo-eg1 fit on the way; senders are told");
                });
    }

    @Test
    void aGatewayThatDoesNotAnswerIsNamedWithWhatItsTunnelSays() {
        answers = Optional.of(false);
        assertThat(brokenLegs())
                .containsExactly("gateway node2: no answer by tombolo-eg1, though its WireGuard shook hands lately");
        tunnels.put("tombolo-eg1", new Tunnel(true, Optional.empty(), false, Optional.empty()));
        assertThat(brokenLegs())
                .containsExactly("gateway node2: no answer by tombolo-eg1, and there never was a handshake");
        tunnels.put("tombolo-eg1", new Tunnel(true, Optional.of("noon"), false, Optional.empty()));
        assertThat(brokenLegs()).containsExactly("gateway node2: no answer by tombolo-eg1, last handshake at noon");
        answers = Optional.empty();
        assertThat(unknownLegs()).containsExactly("gateway");
        tunnels.remove("tombolo-eg1");
        assertThat(brokenLegs()).containsExactly("gateway node2: no WireGuard is behind tombolo-eg1");
    }

    /** A handshake is the difference between a node that is down and one whose programs are missing. */
    @Test
    void whatIsToBeDoneAboutAGatewayDependsOnTheLastHandshake() {
        answers = Optional.of(false);
        assertThat(gateway().cause()).startsWith("the tunnel works");
        assertThat(gateway().fix()).startsWith("see the legs of node2");
        tunnels.put("tombolo-eg1", new Tunnel(true, Optional.empty(), false, Optional.empty()));
        assertThat(gateway().cause()).startsWith("the gateway is down");
        assertThat(gateway().fix()).startsWith("see that node2 runs");
    }

    private Leg gateway() {
        return legs().stream()
                .filter(leg -> leg.leg().equals("gateway"))
                .findFirst()
                .orElseThrow();
    }

    /** A status has to fit into etcd. */
    @Test
    void ofTooManyLegsTheBrokenOnesAreKept() {
        var works = new ArrayList<Duty.Work>();
        for (int i = 0; i < 400; i++) {
            var why = i < 390 ? Optional.<String>empty() : Optional.of("broken");
            works.add(new Duty.Work("maps", "rows " + i, "written", why, "dropped", "make it larger"));
        }
        works.add(works.getLast());
        var duty = new Duty(List.of(), List.of(), Crossings.NONE, Optional.empty(), List.of(), works);
        var legs = LegsPlan.legs(duty, new Sight(Map.of(), Map.of(), Map.of(), Map.of(), Map.of()))
                .checked();
        assertThat(legs).hasSize(300).doesNotHaveDuplicates();
        assertThat(legs).filteredOn(leg -> leg.state() == State.Broken).hasSize(10);
    }

    /** The last answer is no older than the tunnel's end. */
    @Test
    void aTunnelWithoutWireGuardIsBrokenWhateverAnsweredBefore() {
        tunnels.clear();
        assertThat(brokenLegs())
                .containsExactly(
                        "carrier tombolo-egw: no WireGuard is behind tombolo-egw",
                        "gateway node2: no WireGuard is behind tombolo-eg1");
    }

    @Test
    void whatTheAgentCouldNotDoIsALegToo() {
        failure = Optional.of("map eg_rules is full");
        assertThat(brokenLegs()).containsExactly("maps rows: map eg_rules is full");
    }

    @Test
    void whatCouldNotBeReadIsUnknown() {
        settings.clear();
        routes.clear();
        assertThat(brokenLegs()).isEmpty();
        assertThat(unknownLegs()).containsExactly("forwarding", "reverse path", "route", "route");
    }

    @Test
    void askedIsForAllThatTheLegsNeedAndNothingElse() {
        var questions = LegsPlan.questions(duty());
        assertThat(questions.settings()).isEqualTo(settings.keySet());
        assertThat(questions.routes()).isEqualTo(routes.keySet());
        assertThat(questions.tunnels()).isEqualTo(tunnels.keySet());
        assertThat(questions.forwarded()).containsExactly("cni0");
    }

    @Test
    void aRangeThatIsEverythingIsAskedForByAnAddressThatNobodyHas() {
        assertThat(RoutesSeen.sample(Prefix.parse("0.0.0.0/0"))).isEqualTo(IpAddress.parse("192.88.99.1"));
        assertThat(RoutesSeen.sample(Prefix.parse("::/0")).isV4()).isFalse();
        assertThat(RoutesSeen.sample(OUTSIDE)).isEqualTo(SAMPLE);
    }
}
