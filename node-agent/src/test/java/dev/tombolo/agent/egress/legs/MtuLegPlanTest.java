package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where what fits begins not to fit. */
class MtuLegPlanTest {
    private final Map<String, Link> links = new HashMap<>();
    private Optional<Integer> size = Optional.empty();

    private void link(String name, int mtu) {
        links.put(name, new Link(links.size() + 1, name, mtu, true, true, true, Optional.empty()));
    }

    private Sight sight() {
        var tunnel = new Tunnel(true, Optional.empty(), true, Optional.of("eth0"));
        return new Sight(links, Map.of(), Map.of(), Map.of("tombolo-eg1", tunnel), Map.of());
    }

    private Leg way() {
        var way = new Duty.Way("node2", "tombolo-eg1", Optional.of(true), size, Set.of("billing"));
        return MtuLegPlan.way(way, sight()).orElseThrow();
    }

    /** WireGuard adds 60 bytes over IPv4; a tunnel is never made smaller than IPv6 allows, whatever is under it. */
    @ParameterizedTest
    @CsvSource({"1440, 1500, Holds", "1441, 1500, Broken", "1280, 1300, Holds", "1281, 1300, Broken"})
    void aTunnelFitsIntoWhatIsUnderIt(int tunnel, int under, State expected) {
        link("tombolo-eg1", tunnel);
        link("eth0", under);
        assertThat(way().state()).isEqualTo(expected);
    }

    @Test
    void aWayThatTakesAllOfItsTunnelIsNotNarrow() {
        link("tombolo-eg1", 1_420);
        link("eth0", 1_500);
        size = Optional.of(1_420);
        assertThat(way().read()).isEqualTo("1420 in tombolo-eg1, 1500 under it");
        size = Optional.of(1_419);
        assertThat(way().read()).startsWith("1419 of the 1420");
    }

    @ParameterizedTest
    @CsvSource({"1420, Holds", "1419, Broken"})
    void theWayOutTakesWhatComesByTheTunnels(int out, State expected) {
        link("tombolo-egw", 1_420);
        link("eth0", out);
        var place = new Duty.Place(IpAddress.parse("172.30.1.200"), "eth0");
        var exit = new Duty.Exit(
                "172.30.1.200", true, Optional.of(place), Optional.empty(), Set.of("billing"), Set.of(), false);
        var duty = new Duty(
                List.of(exit),
                List.of(),
                Crossings.NONE,
                Optional.of(new Duty.GatewayDevice("tombolo-egw", Set.of("billing"))),
                List.of(),
                List.of());
        assertThat(MtuLegPlan.exit(duty, exit, place, sight()).state()).isEqualTo(expected);
    }
}
