package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.report.PolicyStatus.Programming;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgrammingPlanTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final EgressPolicyObject.Version VERSION = new EgressPolicyObject.Version(3, "");
    private static final List<EgressNode> NODES = Stream.of("g1", "g2", "n1", "n2")
            .map(name -> new EgressNode(
                    new NodeId(WEST, name), name.startsWith("g") ? Map.of("egress", "true") : Map.of(), true, false))
            .toList();

    @Test
    void aNodeIsConcernedByAPodOrAsAGateway() {
        var state = state(
                List.of(policy("web", "0.0.0.0/0", 1), policy("db", "0.0.0.0/0", 1)),
                pod("web", "n1", false, "10.1.1.1"),
                pod("web", "n2", true, "192.0.2.2"),
                pod("other", "n2", false, "10.1.2.1"));
        assertThat(ProgrammingPlan.concerned(state, EgressPlan.decide(state)))
                .isEqualTo(Map.of("web", Set.of("g1", "n1")));
    }

    @Test
    void nobodyHasAnythingToDoForAPolicyThatDecidesNowhere() {
        var state = state(
                List.of(policy("web", "0.0.0.0/0", 1), named("late", "web", "0.0.0.0/0", 2)),
                pod("web", "n1", false, "10.1.1.1"));
        assertThat(ProgrammingPlan.concerned(state, EgressPlan.decide(state)))
                .isEqualTo(Map.of("web", Set.of("g1", "n1"), "late", Set.of()));
    }

    @Test
    void onlyWhoHasThisGenerationAndNoProblemIsDone() {
        var heard = List.of(
                agent("a", new EgressProgrammed("p", 3, "")),
                agent("b", new EgressProgrammed("p", 2, "")),
                agent("c", new EgressProgrammed("p", 2, "what was wrong with that one")),
                agent("d"),
                agent("elsewhere", new EgressProgrammed("p", 3, "")));
        assertThat(programming(Set.of("a", "b", "c", "d"), heard))
                .contains(new Programming(4, 1, Optional.empty(), List.of("b", "c", "d"), List.of()));
    }

    /** Kubernetes does not raise the generation for an annotation. */
    @Test
    void whoHasOtherAnnotationsIsNotDone() {
        var heard = List.of(agent("a", new EgressProgrammed("p", 3, "5f", "")));
        assertThat(programming(Set.of("a"), heard))
                .contains(new Programming(1, 0, Optional.empty(), List.of("a"), List.of()));
    }

    @Test
    void whoIsSilentIsToldFromWhoIsBehind() {
        var heard = List.of(agent("a", new EgressProgrammed("p", 3, "")), agent("b"));
        assertThat(programming(Set.of("a", "b", "c", "new"), heard, "c", "elsewhere"))
                .contains(new Programming(4, 1, Optional.empty(), List.of("b", "new"), List.of("c")));
        assertThat(programming(Set.of("c"), List.of(), "c"))
                .contains(new Programming(1, 0, Optional.empty(), List.of(), List.of("c")));
    }

    @Test
    void theFirstProblemIsShownAndTheOthersAreCounted() {
        var heard = List.of(
                agent("b", new EgressProgrammed("p", 3, "second")),
                agent("a", new EgressProgrammed("p", 3, "first")),
                agent("c", new EgressProgrammed("p", 3, "third")));
        assertThat(programming(Set.of("a", "b", "c"), heard))
                .contains(new Programming(3, 0, Optional.of("a: first; and 2 more"), List.of(), List.of()));
    }

    @Test
    void whereThereIsNothingToDoItIsDone() {
        assertThat(programming(Set.of(), List.of()))
                .contains(new Programming(0, 0, Optional.empty(), List.of(), List.of()));
    }

    @Test
    void whereNoNodeSaysAnythingNothingIsKnown() {
        assertThat(programming(Set.of("a"), List.of(agent("a", new EgressProgrammed("q", 3, "")))))
                .isEmpty();
    }

    @Test
    void nodesWhosePodsNothingHoldsAreNamed() {
        assertThat(ProgrammingPlan.unheld(List.of(
                        agentWithoutHook("b", "True", "it has no CNI"),
                        agent("c"),
                        agentWithoutHook("a", "True", "it is full"),
                        agentWithoutHook("d", "False", ""))))
                .containsExactly("a: it is full", "b: it has no CNI");
    }

    private static MeshNodeObject agentWithoutHook(String name, String truth, String why) {
        var condition = new Condition(MeshNodeObject.NO_POD_START_HOOK, truth, "Reason", why, Optional.empty());
        return agent(name, List.of(), List.of(condition));
    }

    private static Optional<Programming> programming(
            Set<String> concerned, List<MeshNodeObject> heard, String... silent) {
        return Optional.ofNullable(ProgrammingPlan.programming(
                        Map.of("p", new TreeSet<>(concerned)), Map.of("p", VERSION), heard, Set.of(silent))
                .get("p"));
    }

    private static MeshNodeObject agent(String name, EgressProgrammed... held) {
        return agent(name, List.of(held), List.of());
    }

    private static MeshNodeObject agent(String name, List<EgressProgrammed> held, List<Condition> conditions) {
        return new MeshNodeObject(
                name,
                new MeshNodeObject.Status(
                        "", true, null, List.of(), 0, List.of(), held, List.of(), Optional.empty(), conditions));
    }

    private static EgressState state(List<EgressPolicy> policies, EgressPod... pods) {
        return new EgressState(
                WEST, policies, Arrays.asList(pods), Map.of("shop", Map.of()), NODES, Map.of(), List.of(), Map.of());
    }

    private static EgressPolicy policy(String app, String destination, int created) {
        return named(app, app, destination, created);
    }

    private static EgressPolicy named(String name, String app, String destination, int created) {
        var everything = LabelSelector.EVERYTHING;
        return new EgressPolicy(
                name,
                Instant.ofEpochSecond(created),
                List.of(new EgressSource(LabelSelector.of(Map.of("app", app)), everything, everything)),
                List.of(Prefix.parse(destination)),
                List.of(),
                List.of(new EgressGateway(
                        LabelSelector.of(Map.of("egress", "true")), new EgressAddress.OfDefaultRoute())),
                EgressPreferences.DEFAULT);
    }

    private static EgressPod pod(String app, String node, boolean hostNetwork, String address) {
        return new EgressPod(
                "shop",
                app + "-" + node,
                app + "-" + node,
                "default",
                Map.of("app", app),
                node,
                List.of(IpAddress.parse(address)),
                hostNetwork,
                false);
    }
}
