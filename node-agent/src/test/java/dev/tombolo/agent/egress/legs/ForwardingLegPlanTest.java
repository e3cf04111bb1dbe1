package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An address of each family, each with a policy and a device of pods of its own. */
class ForwardingLegPlanTest {
    private static final Duty DUTY = new Duty(
            List.of(exit("172.30.1.200", "four", "cni4"), exit("2001:db8::7", "six", "cni6")),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());
    private static final Sight SIGHT = new Sight(
            Map.of(),
            Map.of("ipv4.ip_forward", 1, "ipv4.conf.cni4.forwarding", 1, "ipv4.conf.eth0.forwarding", 1),
            Map.of(),
            Map.of(),
            Map.of("cni4", new ForwardPolicy.Accept(), "cni6", new ForwardPolicy.Accept()));

    private static Duty.Exit exit(String address, String policy, String pods) {
        var own = IpAddress.parse(address);
        return new Duty.Exit(
                address,
                own.isV4(),
                Optional.of(new Duty.Place(own, "eth0")),
                Optional.empty(),
                Set.of(policy),
                Set.of(),
                Set.of(pods));
    }

    @Test
    void eachFamilyHasItsOwnSwitches() {
        assertThat(ForwardingLegPlan.settings(DUTY))
                .containsExactlyInAnyOrder(
                        "ipv4.ip_forward",
                        "ipv4.conf.cni4.forwarding",
                        "ipv4.conf.eth0.forwarding",
                        "ipv6.conf.all.forwarding");
    }

    @Test
    void aLegIsOfThePoliciesThatNeedItAndOfNoOthers() {
        assertThat(ForwardingLegPlan.legs(DUTY, SIGHT))
                .extracting(Leg::leg, Leg::of, Leg::policies)
                .containsExactly(
                        tuple("forwarding", "IPv4", List.of("four")),
                        tuple("forwarding", "IPv6", List.of("six")),
                        tuple("forward policy", "cni4", List.of("four")),
                        tuple("forward policy", "cni6", List.of("six")));
    }
}
