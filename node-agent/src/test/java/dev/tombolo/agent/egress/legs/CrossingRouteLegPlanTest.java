package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrossingRouteLegPlanTest {
    private static final int UNICAST = 1;
    private static final Prefix NEAR = Prefix.parse("198.51.100.0/24");
    private static final Prefix FAR = Prefix.parse("203.0.113.0/24");
    private static final Prefix SIX = Prefix.parse("2001:db8:1::/48");
    private static final Hop ROUTER = new Hop.Gateway(IpAddress.parse("172.30.1.1"), "eth0");

    private final Map<String, Link> links = new HashMap<>();
    private final Map<RouteQuestion, Optional<Route>> routes = new HashMap<>();

    CrossingRouteLegPlanTest() {
        link("eth0", true);
        link("tun0", false);
        found(NEAR, ROUTER);
        found(FAR, ROUTER);
        found(SIX, new Hop.Device("eth0"));
    }

    private void link(String name, boolean isEthernet) {
        links.put(name, new Link(links.size() + 1, name, 1_500, true, true, isEthernet, Optional.empty()));
    }

    private void found(Prefix range, Hop hop) {
        var route = new Route(range, hop, Route.MAIN_TABLE, 0, Optional.empty(), 0, Route.Scope.UNIVERSE);
        routes.put(RoutesSeen.question(range, Optional.empty()), Optional.of(route));
    }

    private static Crossing crossing(String policy, Prefix... destinations) {
        return new Crossing(policy, destinations[0].isV4(), Set.of(destinations), Set.of(), Set.of(), Set.of());
    }

    private List<Leg> legs(Crossing... crossings) {
        return CrossingRouteLegPlan.legs(
                new Crossings(List.of(crossings), Set.of("eth0", "tun0")),
                new Sight(links, Map.of(), routes, Map.of(), Map.of()));
    }

    private Leg leg(Crossing... crossings) {
        assertThat(legs(crossings)).hasSize(1);
        return legs(crossings).getFirst();
    }

    @Test
    void eachFamilyThatCrossesHasALeg() {
        assertThat(legs()).isEmpty();
        assertThat(legs(crossing("near", NEAR), crossing("six", SIX)))
                .extracting(leg -> leg.of() + " " + leg.policies() + ": " + leg.read())
                .containsExactly(
                        "IPv4 [near]: 198.51.100.0/24 via 172.30.1.1 dev eth0", "IPv6 [six]: 2001:db8:1::/48 dev eth0");
    }

    @Test
    void ofSeveralRangesTheDevicesAreNamed() {
        assertThat(leg(crossing("near", NEAR), crossing("far", FAR)).read()).isEqualTo("2 by eth0");
        found(NEAR, new Hop.Other(UNICAST));
        found(FAR, new Hop.Other(UNICAST));
        assertThat(leg(crossing("near", NEAR), crossing("far", FAR)).read()).isEqualTo("2 by several hops");
        assertThat(leg(crossing("near", NEAR)).read()).isEqualTo("198.51.100.0/24 several hops");
    }

    @Test
    void aRangeWithoutARouteIsNamedWithThePoliciesThatNeedIt() {
        found(FAR, new Hop.Unreachable());
        var leg = leg(crossing("near", NEAR), crossing("far", FAR, NEAR));
        assertThat(leg.state()).isEqualTo(State.Broken);
        assertThat(leg.policies()).containsExactly("far");
        assertThat(leg.read()).isEqualTo("no route to 203.0.113.0/24 on this node");
        assertThat(leg.cause())
                .isEqualTo("packets of its pods cross this node's stack before they are carried or translated");
        assertThat(leg.fix()).isEqualTo("ip route add default via ROUTER on the node");
        routes.replaceAll((_, _) -> Optional.empty());
        assertThat(leg(crossing("far", FAR, NEAR)).read())
                .isEqualTo("no route to 198.51.100.0/24 on this node, nor to 1 more");
    }

    /** Programs would look for an Ethernet header in them. */
    @Test
    void aRouteByADeviceWithoutALinkLayerCarriesNothing() {
        found(FAR, new Hop.Device("tun0"));
        var leg = leg(crossing("near", NEAR), crossing("far", FAR));
        assertThat(leg.state()).isEqualTo(State.Broken);
        assertThat(leg.policies()).containsExactly("far");
        assertThat(leg.read()).isEqualTo("203.0.113.0/24 is reached by tun0, whose packets have no Ethernet header");
        assertThat(leg.fix()).startsWith("ip route add 203.0.113.0/24 via ROUTER dev DEVICE");
    }

    /** A policy may name all of a private network, of which the cluster's pods have a part. */
    @Test
    void aRouteOfAPartOfARangeIsNotTakenForThatOfAll() {
        var part = new Route(
                Prefix.parse("203.0.113.0/25"),
                new Hop.Device("cni0"),
                Route.MAIN_TABLE,
                0,
                Optional.empty(),
                0,
                Route.Scope.UNIVERSE);
        routes.put(RoutesSeen.question(FAR, Optional.empty()), Optional.of(part));
        assertThat(leg(crossing("far", FAR)).state()).isEqualTo(State.Holds);
    }

    /** One of several hops is enough: some flows take it. */
    @Test
    void aRouteByADeviceThatNoProgramWatchesCarriesNothing() {
        link("eth9", true);
        found(FAR, new Hop.Multipath(List.of(ROUTER, new Hop.Device("eth9"))));
        assertThat(leg(crossing("far", FAR)).read())
                .isEqualTo("203.0.113.0/24 is reached by eth9, which no program of Tombolo watches");
    }

    @Test
    void routesThatCannotBeReadAreUnknown() {
        routes.remove(RoutesSeen.question(FAR, Optional.empty()));
        assertThat(leg(crossing("near", NEAR), crossing("far", FAR)).state()).isEqualTo(State.Unknown);
    }
}
