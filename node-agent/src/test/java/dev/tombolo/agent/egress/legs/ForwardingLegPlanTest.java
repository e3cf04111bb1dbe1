package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods of each family, each with a policy and a device of its own; and a policy whose gateway is another node. */
class ForwardingLegPlanTest {
    private static final Prefix FAR = Prefix.parse("198.51.100.0/24");
    private static final Crossings CROSSINGS = new Crossings(
            List.of(
                    new Crossing("four", true, Set.of(), Set.of("cni4"), Set.of("eth0"), Set.of()),
                    new Crossing("six", false, Set.of(), Set.of("cni6"), Set.of("eth0"), Set.of("tombolo-eg2")),
                    new Crossing("far", true, Set.of(FAR), Set.of("cni4"), Set.of(), Set.of("tombolo-eg1"))),
            Set.of("eth1"));

    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Integer> settings = new HashMap<>();

    ForwardingLegPlanTest() {
        List.of("cni4", "cni6", "eth0", "eth1")
                .forEach(device -> links.put(device, new Link(1, device, 1_500, true, Optional.empty())));
        ForwardingLegPlan.settings(CROSSINGS).forEach(name -> settings.put(name, 1));
        settings.put("ipv4.conf.eth1.forwarding", 1);
    }

    private List<Leg> legs() {
        var routes = Map.of(
                new RouteQuestion(FAR.address(), Optional.empty()),
                Optional.of(Route.device(FAR, "eth1", Route.MAIN_TABLE)));
        var accept = new ForwardPolicy.Accept();
        var sight = new Sight(links, settings, routes, Map.of(), Map.of("cni4", accept, "cni6", accept));
        return ForwardingLegPlan.legs(CROSSINGS, sight);
    }

    /** Those of devices that only routes name are found with the routes. */
    @Test
    void eachFamilyHasItsOwnSwitches() {
        assertThat(ForwardingLegPlan.settings(CROSSINGS))
                .containsExactlyInAnyOrder(
                        "ipv4.ip_forward",
                        "ipv4.conf.cni4.forwarding",
                        "ipv4.conf.eth0.forwarding",
                        "ipv6.conf.all.forwarding");
    }

    @Test
    void aLegIsOfThePoliciesThatNeedItAndOfNoOthers() {
        assertThat(legs())
                .extracting(Leg::leg, Leg::of, Leg::state, Leg::policies)
                .containsExactly(
                        tuple("forwarding", "IPv4", State.Holds, List.of("far", "four")),
                        tuple("forwarding", "IPv6", State.Holds, List.of("six")),
                        tuple("forward policy", "cni4", State.Holds, List.of("far", "four")),
                        tuple("forward policy", "cni6", State.Holds, List.of("six")));
    }

    @ParameterizedTest
    @CsvSource({
        "ipv4.ip_forward, far four",
        "ipv4.conf.cni4.forwarding, far four",
        "ipv4.conf.eth0.forwarding, four",
        "ipv4.conf.eth1.forwarding, far",
        "ipv6.conf.all.forwarding, six"
    })
    void aSwitchThatIsOffBreaksThePoliciesThatNeedIt(String name, String policies) {
        settings.put(name, 0);
        assertThat(legs())
                .filteredOn(leg -> leg.state() == State.Broken)
                .extracting(Leg::read, Leg::policies)
                .containsExactly(tuple("net." + name + " is 0", List.of(policies.split(" "))));
    }

    /** The gateway's own leg says that its device is missing. */
    @Test
    void aDeviceThatIsNotThereHasNoSwitch() {
        settings.remove("ipv4.conf.eth0.forwarding");
        assertThat(legs()).extracting(Leg::state).contains(State.Unknown);
        links.remove("eth0");
        assertThat(legs()).extracting(Leg::state).containsOnly(State.Holds);
    }
}
