package dev.tombolo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Held;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.cluster.ClusterName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ADDRESS = "192.0.2.10";

    private final List<PolicyRow> policies = new ArrayList<>(List.of(policy("out", "west", "True")));
    private final List<MeshNodeObject> agents = new ArrayList<>();
    private DoctorPlan.Choice choice = new DoctorPlan.Choice(Optional.empty(), Optional.empty());

    private static PolicyRow policy(String name, String cluster, String programmed) {
        var gateway = new EgressPolicyObject.Gateway("n2", cluster, "", ADDRESS, 64, "");
        var condition = new Condition("Programmed", programmed, "Reason", "a message", Optional.empty());
        var status = new EgressPolicyObject.Status(1, 1, "n2", ADDRESS, List.of(gateway), List.of(condition));
        return PolicyRow.of(
                new EgressPolicyObject(name, "", 1, Optional.empty(), Map.of(), null, status), Optional.empty());
    }

    private static Leg leg(String leg, State state, String... policies) {
        return new Leg(leg, "it", List.of(policies), state, "read", "expected", "cause", "fix");
    }

    private static MeshNodeObject agent(String node, Instant heartbeat, List<Held> held, Leg... legs) {
        var cluster = new MeshNodeObject.Cluster("east", MeshPeerObject.State.Fresh, Optional.empty(), 1, 1, 1, 2, 2);
        var status = new MeshNodeObject.Status(
                "",
                true,
                null,
                List.of(cluster),
                0,
                List.of(),
                List.of(),
                List.of(),
                Optional.of(heartbeat),
                List.of());
        return new MeshNodeObject(node, status.withLegs(new NodeLegs(List.of(legs), held)));
    }

    private void well() {
        agents.add(agent("n1", NOW, List.of(), leg("gateway", State.Holds, "out")));
        agents.add(agent("n2", NOW, List.of(), leg("address", State.Holds, "out"), leg("maps", State.Holds)));
    }

    private Diagnosis diagnosis() {
        return DoctorPlan.diagnosis(
                new ObservedLegs(new ClusterName("west"), policies, List.of("n1", "n2"), agents, NOW), choice);
    }

    private List<String> titles(State state) {
        return diagnosis().in(state).stream().map(Finding::title).toList();
    }

    @Test
    void allIsFineWhenEveryLegHolds() {
        well();
        assertThat(diagnosis().isFine()).isTrue();
        assertThat(titles(State.Holds))
                .containsExactly("mesh east", "gateway it on n1", "address it on n2", "maps it on n2");
    }

    @Test
    void theBrokenLegIsNamed() {
        well();
        agents.set(1, agent("n2", NOW, List.of(), leg("address", State.Broken, "out")));
        assertThat(diagnosis().isFine()).isFalse();
        assertThat(titles(State.Broken)).containsExactly("address it on n2");
    }

    @Test
    void whatAnOldReportSaysIsNotShownAsFine() {
        well();
        var old = NOW.minus(DoctorPlan.OLD);
        agents.set(1, agent("n2", old, List.of(), leg("address", State.Holds, "out")));
        assertThat(diagnosis().isFine()).isFalse();
        assertThat(titles(State.Unknown)).containsExactly("agent on n2");
        assertThat(titles(State.Holds)).containsExactly("mesh east", "gateway it on n1");
        assertThat(diagnosis().in(State.Unknown).getFirst().leg().read()).isEqualTo("its last report is from 45s ago");
        assertThat(diagnosis().oldest()).contains(old);
    }

    @Test
    void aNodeThatNeverReportedIsUnknown() {
        well();
        agents.removeFirst();
        assertThat(titles(State.Unknown)).containsExactly("agent on n1");
    }

    /** As one of an older version would. */
    @Test
    void aGatewayThatSaysNothingOfItsPolicyIsUnknown() {
        well();
        agents.set(1, agent("n2", NOW, List.of()));
        assertThat(titles(State.Unknown)).containsExactly("agent out on n2");
    }

    @Test
    void anAddressOnTwoNodesIsBrokenThoughEachFindsItsOwnInOrder() {
        well();
        var held = List.of(new Held(ADDRESS, "eth0"), new Held("192.0.2.77", "eth0"));
        agents.set(0, agent("n1", NOW, held, leg("gateway", State.Holds, "out")));
        assertThat(diagnosis().isFine()).isTrue();
        agents.set(1, agent("n2", NOW, held, leg("address", State.Holds, "out")));
        assertThat(titles(State.Broken)).containsExactly("address 192.0.2.10 on n1, n2");
        agents.set(1, agent("n2", NOW.minus(DoctorPlan.OLD), held, leg("address", State.Holds, "out")));
        assertThat(titles(State.Broken)).isEmpty();
    }

    @Test
    void onlyLegsOfThePolicyAreShownWhenItIsNamed() {
        well();
        agents.add(agent("n3", NOW, List.of(), leg("gateway", State.Broken, "other")));
        choice = new DoctorPlan.Choice(Optional.of("out"), Optional.empty());
        assertThat(titles(State.Holds)).containsExactly("gateway it on n1", "address it on n2", "maps it on n2");
        assertThat(diagnosis().isFine()).isTrue();
    }

    @Test
    void onlyLegsOnTheNodeAreShownWhenItIsNamed() {
        well();
        choice = new DoctorPlan.Choice(Optional.empty(), Optional.of("n1"));
        assertThat(titles(State.Holds)).containsExactly("mesh east", "gateway it on n1");
    }

    @Test
    void aPolicyThatIsNotCarriedOutIsALegWhereNoOtherExplainsIt() {
        well();
        policies.set(0, policy("out", "west", "False"));
        assertThat(titles(State.Broken)).containsExactly("policy out");
        agents.set(1, agent("n2", NOW, List.of(), leg("address", State.Broken, "out")));
        assertThat(titles(State.Broken)).containsExactly("address it on n2");
    }

    /** What routers are told is none of a policy's legs, and explains no policy. */
    @Test
    void legsToRoutersAreOfNoPolicy() {
        well();
        agents.set(0, agent("n1", NOW, List.of(), leg("gateway", State.Holds, "out"), leg("bgp asn", State.Broken)));
        assertThat(titles(State.Broken)).containsExactly("bgp asn it on n1");
        policies.set(0, policy("out", "west", "False"));
        assertThat(titles(State.Broken)).containsExactly("policy out", "bgp asn it on n1");
        choice = new DoctorPlan.Choice(Optional.of("out"), Optional.empty());
        assertThat(titles(State.Broken)).containsExactly("policy out");
    }

    @Test
    void gatewaysOfAnotherClusterAreAskedAboutThere() {
        well();
        policies.add(policy("far", "east", "True"));
        assertThat(diagnosis().isFine()).isTrue();
        assertThat(diagnosis().elsewhere())
                .containsExactly("gateway n2 of policy far is in cluster east: ask tombolo doctor there for its legs");
    }
}
