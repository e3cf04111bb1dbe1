package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayChoice;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.egress.plan.SetKey;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.egress.report.PolicyStatus.Programming;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which nodes have something to do for a policy, and how far they are. */
final class ProgrammingPlan {
    private static final EgressPolicyObject.Version NONE = new EgressPolicyObject.Version(0, "");

    private ProgrammingPlan() {}

    /**
     * By policy that selects a pod, the nodes of this cluster that have something to do for it: where packets of a pod go
     * by it, and its gateways. A policy that decides nowhere, because others come before it, has none.
     */
    static Map<String, Set<String>> concerned(EgressState state, EgressDecisions decisions) {
        var concerned = new TreeMap<String, Set<String>>();
        var nodes = nodesBySet(state, decisions);
        decisions.sets().forEach((set, rules) -> {
            set.members().forEach(member -> of(concerned, member.policy()));
            for (var verdict : new HashSet<>(rules.verdicts().values())) {
                var doing = of(concerned, verdict.policy());
                doing.addAll(nodes.getOrDefault(set, Set.of()));
                if (verdict instanceof Verdict.Through(var _, var group)) {
                    doing.addAll(gateways(group, state, decisions));
                }
            }
        });
        return concerned;
    }

    private static Set<String> of(Map<String, Set<String>> concerned, String policy) {
        return concerned.computeIfAbsent(policy, _ -> new TreeSet<>());
    }

    private static Map<SetKey, Set<String>> nodesBySet(EgressState state, EgressDecisions decisions) {
        var nodes = new HashMap<SetKey, Set<String>>();
        for (var pod : state.pods()) {
            if (!pod.hostNetwork()) {
                pod.addresses().stream()
                        .map(decisions.sources()::get)
                        .filter(set -> set != null)
                        .forEach(set ->
                                nodes.computeIfAbsent(set, _ -> new HashSet<>()).add(pod.node()));
            }
        }
        return nodes;
    }

    private static List<String> gateways(GroupKey group, EgressState state, EgressDecisions decisions) {
        return decisions.gateways().get(group) instanceof GatewayChoice.Serving serving
                ? serving.group().shares().keySet().stream()
                        .filter(node -> node.cluster().equals(state.self()))
                        .map(NodeId::name)
                        .toList()
                : List.of();
    }

    /**
     * How far the nodes are, by policy; a policy of which none of them says anything is missing.
     *
     * @param versions of the policies as they are now
     * @param heard the agents that have been heard of lately
     * @param silent nodes of agents that have not: what they said last is no news
     */
    static Map<String, Programming> programming(
            Map<String, Set<String>> concerned,
            Map<String, EgressPolicyObject.Version> versions,
            Collection<MeshNodeObject> heard,
            Set<String> silent) {
        var said = new HashMap<String, Map<String, EgressProgrammed>>();
        heard.forEach(agent -> agent.status()
                .egress()
                .forEach(held -> said.computeIfAbsent(held.policy(), _ -> new TreeMap<>())
                        .put(agent.name(), held)));
        var programming = new TreeMap<String, Programming>();
        concerned.forEach((policy, nodes) -> {
            var reports = new TreeMap<>(said.getOrDefault(policy, Map.of()));
            reports.keySet().retainAll(nodes);
            var mute = nodes.stream().filter(silent::contains).toList();
            if (nodes.isEmpty() || !reports.isEmpty() || !mute.isEmpty()) {
                programming.put(policy, programming(nodes, versions.getOrDefault(policy, NONE), reports, mute));
            }
        });
        return programming;
    }

    private static Programming programming(
            Set<String> nodes,
            EgressPolicyObject.Version version,
            Map<String, EgressProgrammed> reports,
            List<String> silent) {
        // Whatever the form of the policy.
        var saturated = reports.entrySet().stream()
                .flatMap(report -> warning(report.getValue()).map(said -> report.getKey() + ": " + said).stream())
                .toList();
        // A node that has not come to this form of it yet says nothing about it, whatever it says.
        reports.values().removeIf(held -> !held.isOf(version));
        var problems = reports.entrySet().stream()
                .filter(report -> !report.getValue().problem().isEmpty())
                .map(report -> report.getKey() + ": " + report.getValue().problem())
                .toList();
        var waiting = nodes.stream()
                .filter(node -> !reports.containsKey(node) && !silent.contains(node))
                .toList();
        return new Programming(
                nodes.size(), reports.size() - problems.size(), shown(problems), waiting, silent, saturated);
    }

    private static Optional<String> warning(EgressProgrammed held) {
        return held.load().map(EgressLoad::warning).filter(said -> !said.isEmpty());
    }

    /** The nodes whose new pods nothing holds, by name, each with the reason: a pod may be put on any of them. */
    static List<String> unheld(Collection<MeshNodeObject> heard) {
        var unheld = new TreeMap<String, String>();
        heard.forEach(agent -> agent.startsPodsUnheld().ifPresent(why -> unheld.put(agent.name(), why)));
        return unheld.entrySet().stream()
                .map(node -> node.getKey() + ": " + node.getValue())
                .toList();
    }

    private static Optional<String> shown(List<String> problems) {
        return problems.stream()
                .findFirst()
                .map(first -> problems.size() == 1 ? first : first + "; and " + (problems.size() - 1) + " more");
    }
}
