package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Route;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteLegPlanTest {
    private static final int UNICAST = 1;
    private static final int PROHIBIT = 8;
    private static final Prefix NEAR = Prefix.parse("198.51.100.0/24");
    private static final Prefix FAR = Prefix.parse("203.0.113.0/24");

    private final Duty.Place place = new Duty.Place(IpAddress.parse("172.30.1.200"), "eth0");
    private final Map<String, Integer> settings = new HashMap<>();
    private final Map<RouteQuestion, Optional<Route>> routes = new HashMap<>();

    private static Duty.Exit exit(boolean v4, Prefix... destinations) {
        return new Duty.Exit(
                "172.30.1.200",
                v4,
                Optional.of(new Duty.Place(IpAddress.parse("172.30.1.200"), "eth0")),
                Optional.empty(),
                Set.of("billing"),
                Set.of(destinations),
                true);
    }

    private void found(Prefix range, Optional<String> by, Hop hop) {
        var route = new Route(range, hop, Route.MAIN_TABLE, 0, Optional.empty(), 0, Route.Scope.UNIVERSE);
        routes.put(new RouteQuestion(range.address(), by), Optional.of(route));
    }

    private Sight sight() {
        return new Sight(Map.of(), settings, routes, Map.of(), Map.of());
    }

    private Leg route(Hop hop) {
        found(NEAR, Optional.of("eth0"), hop);
        return RouteLegPlan.route(exit(true, NEAR), place, sight());
    }

    private Leg reversePath(Prefix... destinations) {
        return RouteLegPlan.reversePath(exit(true, destinations), place, sight());
    }

    private void filter(int ofAll, int ofDevice) {
        settings.put("ipv4.conf.all.rp_filter", ofAll);
        settings.put("ipv4.conf.eth0.rp_filter", ofDevice);
    }

    @Test
    void aRouteThatRefusesLeadsNowhere() {
        assertThat(route(new Hop.Unreachable()).state()).isEqualTo(State.Broken);
        assertThat(route(new Hop.Other(PROHIBIT)).state()).isEqualTo(State.Broken);
        assertThat(route(new Hop.Other(UNICAST)).state()).isEqualTo(State.Holds);
        assertThat(route(new Hop.Other(UNICAST)).read()).isEqualTo("several hops by eth0");
    }

    @Test
    void ofRangesWithoutARouteTheFirstIsNamedAndTheOthersAreCounted() {
        found(NEAR, Optional.of("eth0"), new Hop.Unreachable());
        found(FAR, Optional.of("eth0"), new Hop.Unreachable());
        assertThat(RouteLegPlan.route(exit(true, FAR, NEAR), place, sight()).read())
                .isEqualTo("no route to 198.51.100.0/24 by eth0, nor to 1 more");
        found(NEAR, Optional.of("eth0"), new Hop.Device("eth0"));
        found(FAR, Optional.of("eth0"), new Hop.Device("eth0"));
        assertThat(RouteLegPlan.route(exit(true, FAR, NEAR), place, sight()).read())
                .isEqualTo("2 by eth0");
    }

    /** There is no such filter for IPv6. */
    @Test
    void onlyAnAddressOfIpv4HasAFilterOfReversePaths() {
        assertThat(RouteLegPlan.settings(exit(true, NEAR)))
                .containsExactlyInAnyOrder("ipv4.conf.all.rp_filter", "ipv4.conf.eth0.rp_filter");
        assertThat(RouteLegPlan.settings(exit(false))).isEmpty();
        assertThat(RouteLegPlan.reversePath(exit(false), place, sight()).state())
                .isEqualTo(State.Holds);
    }

    /** The stricter of both counts, so that one alone says nothing. */
    @Test
    void aFilterOfWhichHalfCannotBeReadIsUnknown() {
        settings.put("ipv4.conf.eth0.rp_filter", 0);
        assertThat(reversePath(NEAR).state()).isEqualTo(State.Unknown);
    }

    @Test
    void whatComesBackByOneOfSeveralHopsPassesAStrictFilter() {
        filter(0, 1);
        found(NEAR, Optional.empty(), new Hop.Other(UNICAST));
        assertThat(reversePath(NEAR).state()).isEqualTo(State.Holds);
        found(NEAR, Optional.empty(), new Hop.Other(PROHIBIT));
        assertThat(reversePath(NEAR).state()).isEqualTo(State.Broken);
    }

    @Test
    void whatComesBackByNoRouteIsSaidToBeSo() {
        filter(1, 0);
        assertThat(reversePath(NEAR).read())
                .isEqualTo(
                        "net.ipv4.conf.eth0.rp_filter is 1 (strict), and 198.51.100.0/24 is not reached by any route");
    }
}
