package dev.tombolo.agent.egress.legs;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tombolo.agent.egress.Across;
import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LegDutyPlanTest {
    private static final Duty.Work WORK = new Duty.Work("maps", "rows", "written", Optional.empty(), "", "");
    private static final Set<String> BILLING = Set.of("billing");

    private final TwoNodes cluster = new TwoNodes();

    private Duty duty(NodeId node, NodeNetwork network) {
        var seen = new GatewaysSeen(true, Map.of(NODE2, true));
        return LegDutyPlan.duty(node, cluster.program(), network, seen, List.of(WORK));
    }

    @Test
    void aGatewayHasAnExitForItsOwnPodsAndADeviceForOthers() {
        var duty = duty(NODE2, TwoNodes.network(2, TwoNodes.EGRESS));
        var address = IpAddress.parse(TwoNodes.EGRESS);
        assertThat(duty.exits())
                .containsExactly(new Duty.Exit(
                        TwoNodes.EGRESS,
                        true,
                        Optional.of(new Duty.Place(address, "eth0")),
                        Optional.empty(),
                        BILLING,
                        Set.of(TwoNodes.OUTSIDE),
                        true));
        assertThat(duty.ways()).isEmpty();
        assertThat(duty.crossings().each())
                .containsExactly(new Crossing(
                        "billing", true, Set.of(TwoNodes.OUTSIDE), Set.of("cni0"), Set.of("eth0"), Set.of()));
        assertThat(duty.gatewayDevice()).contains(new Duty.GatewayDevice("tombolo-egw", BILLING));
        assertThat(duty.held()).containsExactly(new NodeLegs.Held(TwoNodes.EGRESS, "eth0"));
        assertThat(duty.works()).containsExactly(WORK);
    }

    @Test
    void aPodsNodeHasAWayToItsGateway() {
        var duty = duty(NODE1, TwoNodes.network(1));
        assertThat(duty.exits()).isEmpty();
        assertThat(duty.gatewayDevice()).isEmpty();
        assertThat(duty.ways())
                .containsExactly(new Duty.Way("node2", "tombolo-eg1", Optional.of(true), Optional.empty(), BILLING));
    }

    @Test
    void whatAPodsNodeSendsToItsGatewayCrossesItsStack() {
        var crossings = duty(NODE1, TwoNodes.network(1)).crossings();
        assertThat(crossings.each())
                .containsExactly(new Crossing(
                        "billing", true, Set.of(TwoNodes.OUTSIDE), Set.of("cni0"), Set.of(), Set.of("tombolo-eg1")));
        assertThat(crossings.watched()).containsExactly("eth0");
    }

    @Test
    void ofPodsOfOneFamilyNothingOfTheOtherCrosses() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        cluster.policies.add(TwoNodes.policy("six", "", Prefix.parse("2001:db8::/32")));
        assertThat(duty(NODE1, TwoNodes.network(1)).crossings().each())
                .extracting(Crossing::policy)
                .containsExactly("billing");
        cluster.pods.add(TwoNodes.pod("three", "billing", "node1", IpAddress.parse("fd00:1::5"), false));
        assertThat(duty(NODE1, TwoNodes.network(1)).crossings().each())
                .extracting(Crossing::policy, Crossing::podDevices)
                .containsExactly(tuple("billing", Set.of("cni0")), tuple("six", Set.of()));
    }

    @Test
    void aGatewayOfOtherNodesPodsAloneHasNothingCross() {
        cluster.pods.removeIf(pod -> pod.node().equals("node2"));
        var duty = duty(NODE2, TwoNodes.network(2, TwoNodes.EGRESS));
        assertThat(duty.exits()).extracting(Duty.Exit::ownPods).containsExactly(false);
        assertThat(duty.crossings().each()).isEmpty();
    }

    @Test
    void aPolicyWithGatewaysHereAndElsewhereIsAnsweredByBoth() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        cluster.nodes.add(TwoNodes.node(3, Map.of("egress", "yes")));
        cluster.policies.set(0, TwoNodes.limited("1M", 2));
        assertThat(duty(NODE2, TwoNodes.network(2)).crossings().each())
                .extracting(Crossing::exitDevices, Crossing::carriers)
                .containsExactly(tuple(Set.of("eth0"), Set.of("tombolo-eg2")));
    }

    @Test
    void aWayKnowsHowMuchItTakes() {
        var seen = new GatewaysSeen(true, Map.of(NODE2, true)).withSizes(Map.of(NODE2, 1_216));
        assertThat(LegDutyPlan.duty(NODE1, cluster.program(), TwoNodes.network(1), seen, List.of())
                        .ways())
                .containsExactly(new Duty.Way("node2", "tombolo-eg1", Optional.of(true), Optional.of(1_216), BILLING));
    }

    /** Nobody would hear of it else: pods have other gateways. */
    @Test
    void aGatewayThatIsOutIsLookedAtToo() {
        cluster.nodes.add(TwoNodes.node(3, Map.of("egress", "yes")));
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        cluster.health.put(NODE2, GatewayHealth.DEAD);
        assertThat(duty(NODE1, TwoNodes.network(1)).ways())
                .extracting(Duty.Way::gateway)
                .containsExactly("node2", "node3");
    }

    @Test
    void aNodeTellsThatItHasAnotherNodesAddress() {
        assertThat(duty(NODE1, TwoNodes.network(1, TwoNodes.EGRESS)).held())
                .containsExactly(new NodeLegs.Held(TwoNodes.EGRESS, "eth0"));
    }

    @Test
    void anAddressThatNoDeviceHasIsNowhere() {
        assertThat(duty(NODE2, TwoNodes.network(2)).exits().getFirst().on()).isEmpty();
    }

    @Test
    void whoOwnsAnAddressThatFloatsIsSaid() {
        cluster.letEgressFloat();
        assertThat(duty(NODE2, TwoNodes.network(2)).exits().getFirst().owner())
                .contains(new Duty.Owner("", false, true));
        cluster.owners.put(IpAddress.parse(TwoNodes.EGRESS), new EgressOwner(NODE2, 1, "billing#0", Instant.EPOCH));
        assertThat(duty(NODE2, TwoNodes.network(2)).exits().getFirst().owner())
                .contains(new Duty.Owner("node2", true, true));
    }

    @Test
    void onlyRangesOfItsFamilyGoByAnAddress() {
        cluster.policies.add(TwoNodes.policy("six", TwoNodes.EGRESS, Prefix.parse("2001:db8::/32")));
        assertThat(duty(NODE2, TwoNodes.network(2, TwoNodes.EGRESS)).exits())
                .allSatisfy(exit -> assertThat(exit.destinations())
                        .allMatch(range -> range.isV4() == exit.v4())
                        .isNotEmpty());
    }

    /** An exit is of who carries: the other gateway of two has the address all the same, and nobody's packets. */
    @Test
    void anotherGatewaysExitIsNotThisNodes() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        cluster.nodes.add(TwoNodes.node(3, Map.of("egress", "yes")));
        var node3 = new NodeId(TwoNodes.CLUSTER, "node3");
        assertThat(duty(NODE2, TwoNodes.network(2)).exits()).hasSize(1);
        assertThat(duty(node3, TwoNodes.network(3)).exits()).isEmpty();
        cluster.policies.set(0, TwoNodes.limited("1M", 2));
        assertThat(duty(NODE2, TwoNodes.network(2)).exits()).hasSize(1);
        assertThat(duty(node3, TwoNodes.network(3)).exits()).hasSize(1);
    }

    /** Whatever a pod's node does, its agent has to have done its works. */
    @Test
    void aNodeThatOnlySendsHasWorksToo() {
        assertThat(duty(NODE1, TwoNodes.network(1)).works()).containsExactly(WORK);
    }

    @Test
    void anAddressWithoutADestinationOfItsFamilyIsNoExit() {
        cluster.policies.set(0, TwoNodes.policy("six", TwoNodes.EGRESS, Prefix.parse("2001:db8::/32")));
        assertThat(duty(NODE2, TwoNodes.network(2, TwoNodes.EGRESS)).exits()).isEmpty();
    }

    @Test
    void onlyAddressesThatPoliciesNameAreToldOfAndEachOnce() {
        cluster.policies.add(TwoNodes.policy("more", TwoNodes.EGRESS, Prefix.parse("203.0.113.0/24")));
        cluster.policies.add(TwoNodes.policy("any", "", Prefix.parse("192.0.2.0/24")));
        assertThat(duty(NODE2, TwoNodes.network(2, TwoNodes.EGRESS)).held())
                .containsExactly(new NodeLegs.Held(TwoNodes.EGRESS, "eth0"));
    }

    @Test
    void aGatewayOfAnotherClusterIsNamedWithItsCluster() {
        var seen = new GatewaysSeen(true, Map.of());
        assertThat(LegDutyPlan.duty(Across.POD_NODE, new Across().asking(), TwoNodes.network(1), seen, List.of())
                        .ways())
                .extracting(Duty.Way::gateway)
                .containsExactly(Across.GATE.toString());
    }

    @Test
    void aNodeWithNothingToDoHasNoLegs() {
        var duty = duty(new NodeId(TwoNodes.CLUSTER, "node3"), TwoNodes.network(3));
        assertThat(duty.exits()).isEmpty();
        assertThat(duty.ways()).isEmpty();
        assertThat(duty.works()).isEmpty();
    }

    @Test
    void settingsAreNamedAsSysctlNamesThem() {
        assertThat(LegReader.path(Path.of("/proc/sys/net"), "ipv4.conf.eth0/100.rp_filter"))
                .isEqualTo(Path.of("/proc/sys/net/ipv4/conf/eth0.100/rp_filter"));
    }
}
