package dev.tombolo.agent.egress.load;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.load.EgressMeasures.AddressMeasures;
import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.agent.egress.load.GatewayLoad.State;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.bpf.egress.NatUse.Destination;
import dev.tombolo.egress.plan.Numbering;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadReportPlanTest {
    private static final IpAddress EGRESS = IpAddress.parse(TwoNodes.EGRESS);
    private static final IpAddress OTHER = IpAddress.parse("172.30.1.201");
    private static final List<EgressProgrammed> REPORT = List.of(new EgressProgrammed("billing", 3, ""));

    private final EgressProgram program = new TwoNodes().program();
    private final int policy = program.numbers().policies().of("billing");
    private final int group = program.rows().groups().keySet().iterator().next().value();

    private GatewayLoad load(State state, boolean full, Set<IpAddress> ofGroup) {
        return new GatewayLoad(
                1_000,
                100_000,
                full,
                Map.of(policy, 400, 77, 5),
                Map.of(
                        EGRESS, new AddressLoad(405, 60_000, 300, Optional.of("203.0.113.9:443 TCP"), 2, state),
                        OTHER, new AddressLoad(0, 60_000, 59_000, Optional.empty(), 0, State.FINE)),
                Map.of(group, ofGroup));
    }

    private Optional<EgressLoad> reported(NodeId node, GatewayLoad load) {
        return LoadReportPlan.with(load, REPORT, node, program).getFirst().load();
    }

    @Test
    void aGatewaySaysWhatItHasToDoForAPolicy() {
        assertThat(reported(NODE2, load(State.FINE, false, Set.of(EGRESS))))
                .contains(new EgressLoad(400, TwoNodes.EGRESS, "203.0.113.9:443 TCP", 300, 60_000, 2, ""));
    }

    @Test
    void whereItHasSeveralAddressesTheFullestCounts() {
        assertThat(reported(NODE2, load(State.FINE, false, Set.of(EGRESS, OTHER))))
                .contains(new EgressLoad(400, OTHER.toString(), "", 59_000, 60_000, 0, ""));
        var turned = load(State.FINE, false, Set.of(EGRESS, OTHER));
        var loads = turned.addresses();
        assertThat(reported(
                                NODE2,
                                new GatewayLoad(
                                        1_000,
                                        100_000,
                                        false,
                                        turned.connections(),
                                        Map.of(EGRESS, loads.get(OTHER), OTHER, loads.get(EGRESS)),
                                        turned.byGroup()))
                        .orElseThrow()
                        .egressIP())
                .as("whatever its address")
                .isEqualTo(TwoNodes.EGRESS);
        assertThat(reported(NODE2, load(State.REFUSING, false, Set.of(EGRESS, OTHER)))
                        .orElseThrow()
                        .egressIP())
                .isEqualTo(TwoNodes.EGRESS);
    }

    @Test
    void whoIsNoGatewaySaysNothing() {
        assertThat(reported(NODE1, load(State.FINE, false, Set.of(EGRESS)))).isEmpty();
        assertThat(reported(NODE2, GatewayLoad.NONE)).isEmpty();
        assertThat(reported(NODE2, load(State.FINE, false, Set.of()))).isEmpty();
    }

    @Test
    void whatRunsOutIsSaidWithTheWayOut() {
        assertThat(warning(State.NEARLY_EXHAUSTED, false))
                .isEqualTo(
                        "80 % of the ports of 172.30.1.200 towards 203.0.113.9:443 TCP are in use, or were until shortly");
        assertThat(warning(State.REFUSING, true))
                .isEqualTo("connections from 172.30.1.200 were refused in the last 5 minutes: no free port towards"
                        + " 203.0.113.9:443 TCP");
        assertThat(warning(State.FINE, true)).startsWith("80 % of the room for connections is in use");

        var problems = LoadPlan.problems(load(State.REFUSING, true, Set.of(EGRESS)), map -> "maps." + map);
        assertThat(problems).hasSize(2);
        assertThat(problems.getFirst().what()).isEqualTo("egress address 172.30.1.200");
        assertThat(problems.getFirst().message()).isEqualTo(warning(State.REFUSING, true));
        assertThat(problems.getFirst().fix()).contains("another egress IP");
        assertThat(problems.getLast().fix())
                .startsWith("tombolo upgrade --set maps.eg_nat=NUMBER with more than 100000");
        assertThat(LoadPlan.problems(load(State.FINE, false, Set.of(EGRESS)), map -> map))
                .isEmpty();
    }

    private String warning(State state, boolean full) {
        return reported(NODE2, load(state, full, Set.of(EGRESS))).orElseThrow().warning();
    }

    @Test
    void addressesThatRunOutComeInTheirOrder() {
        var full = new AddressLoad(1, 10, 9, Optional.empty(), 0, State.NEARLY_EXHAUSTED);
        var addresses = new HashMap<IpAddress, AddressLoad>();
        for (int last = 1; last <= 9; last++) {
            addresses.put(IpAddress.parse("172.30.1." + last), full);
        }
        var load = new GatewayLoad(0, 1, false, Map.of(), addresses, Map.of());
        assertThat(LoadPlan.problems(load, map -> map))
                .hasSize(9)
                .extracting(problem -> problem.what())
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 443, 6, 203.0.113.9:443 TCP",
        "2001:db8::9, 53, 17, [2001:db8::9]:53 UDP",
        "203.0.113.9, 0, 1, 203.0.113.9 ICMP",
        "2001:db8::9, 0, 58, 2001:db8::9 ICMPv6",
        "203.0.113.9, 0, 47, 203.0.113.9 protocol 47"
    })
    void theFullestDestinationIsNamed(String address, int port, int protocol, String text) {
        var use = new AddressUse(1, new Destination(IpAddress.parse(address), port, protocol), 1);
        assertThat(LoadPlan.address(10, use, 0, false, State.FINE).destination())
                .contains(text);
    }

    @Test
    void whatHasNoRoomAtAllIsNotFull() {
        assertThat(LoadPlan.isFull(false, 0, 0)).isFalse();
        assertThat(LoadPlan.address(0, null, 0, false, State.FINE).state()).isEqualTo(State.FINE);
    }

    /** Each writing of the report is a request to the API server. */
    @Test
    void onlyWhatSomebodyWouldNoticeIsNews() {
        var held = REPORT.getFirst();
        var said =
                held.with(new EgressLoad(1_030, "a", "x", 6_100, 60_000, 3, "")).noticeable();
        assertThat(held.with(new EgressLoad(2_040, "a", "y", 11_000, 60_000, 9, ""))
                        .noticeable())
                .isEqualTo(said);
        assertThat(held.with(new EgressLoad(2_050, "a", "x", 6_100, 60_000, 3, ""))
                        .noticeable())
                .isNotEqualTo(said);
        assertThat(held.with(new EgressLoad(1_030, "a", "x", 12_000, 60_000, 3, ""))
                        .noticeable())
                .isNotEqualTo(said);
        assertThat(held.with(new EgressLoad(1_030, "a", "x", 6_100, 60_000, 0, ""))
                        .noticeable())
                .isNotEqualTo(said);
        assertThat(held.with(new EgressLoad(1_030, "a", "x", 6_100, 60_000, 3, "!"))
                        .noticeable())
                .isNotEqualTo(said);
        assertThat(held.noticeable()).isEqualTo(held);
    }

    @Test
    void measuresHaveTheNamesOfPoliciesAndNotTooManyOfThem() {
        var measures = EgressMeasures.of(
                load(State.FINE, false, Set.of(EGRESS)), program.numbers().policies());
        assertThat(measures.connections()).isEqualTo(Map.of("billing", 400, EgressMeasures.OTHERS, 5));
        assertThat(measures.addresses().get(TwoNodes.EGRESS)).isEqualTo(new AddressMeasures(405, 0.005, 2));

        var many = new HashMap<Integer, Integer>();
        var names = new HashMap<String, Integer>();
        for (int i = 1; i <= 2_000; i++) {
            many.put(i, i);
            names.put("p" + i, i);
        }
        var all = new GatewayLoad(0, 1, false, many, Map.of(), Map.of());
        var shown = EgressMeasures.of(all, new Numbering<>(names, Map.of())).connections();
        assertThat(shown).hasSize(EgressMeasures.MOST_POLICIES + 1).containsEntry("p2000", 2_000);
        assertThat(shown.values().stream().mapToInt(count -> count).sum()).isEqualTo(2_001_000);
    }
}
