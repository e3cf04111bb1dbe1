package dev.tombolo.cli.doctor;

import dev.tombolo.cli.doctor.Finding.Words;
import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.output.Age;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Joins what nodes say of their legs to an answer, and adds what no node can see alone. */
final class DoctorPlan {
    /** Agents write at least every 30 s: one that is late has stopped, or cannot be heard. */
    static final Duration OLD = Duration.ofSeconds(45);

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::where)
            .thenComparing(finding -> finding.leg().leg())
            .thenComparing(finding -> finding.leg().of());

    private final ObservedLegs seen;
    private final Choice choice;
    private final List<PolicyRow> policies;
    private final List<Finding> findings = new ArrayList<>();

    /** Which legs are asked about; empty for all. */
    record Choice(Optional<String> policy, Optional<String> node) {
        boolean isOf(Leg leg) {
            return policy.filter(wanted -> !leg.isOf(wanted)).isEmpty();
        }

        boolean isOn(String name) {
            return node.isEmpty() || node.get().equals(name);
        }
    }

    private DoctorPlan(ObservedLegs seen, Choice choice) {
        this.seen = seen;
        this.choice = choice;
        policies = seen.policies().stream()
                .filter(row -> choice.policy().isEmpty()
                        || choice.policy().get().equals(row.policy().name()))
                .toList();
    }

    static Diagnosis diagnosis(ObservedLegs seen, Choice choice) {
        var plan = new DoctorPlan(seen, choice);
        plan.concerned().forEach(plan::node);
        plan.addresses();
        if (choice.policy().isEmpty()) {
            plan.findings.addAll(MeshLegPlan.findings(plan.fresh(), choice));
        }
        plan.policies.forEach(plan::policy);
        plan.findings.sort(ORDER);
        return new Diagnosis(plan.findings, plan.elsewhere());
    }

    /** The gateways and the nodes that say that they have to do with a policy; without a choice, all nodes. */
    private Set<String> concerned() {
        var nodes = new TreeSet<String>();
        if (choice.policy().isEmpty()) {
            nodes.addAll(seen.nodes());
        }
        gateways().forEach(gateway -> nodes.add(gateway.node()));
        seen.agents().stream()
                .filter(agent -> agent.status().legs().checked().stream()
                        .anyMatch(leg -> leg.policies().stream().anyMatch(this::isChosen)))
                .forEach(agent -> nodes.add(agent.name()));
        nodes.removeIf(name -> !choice.isOn(name));
        return nodes;
    }

    private boolean isChosen(String policy) {
        return policies.stream().anyMatch(row -> row.policy().name().equals(policy));
    }

    private Stream<EgressPolicyObject.Gateway> gateways() {
        return policies.stream()
                .flatMap(row -> row.policy().status().gateways().stream())
                .filter(this::isOurs);
    }

    private boolean isOurs(EgressPolicyObject.Gateway gateway) {
        return gateway.cluster().isEmpty()
                || gateway.cluster().equals(seen.self().value());
    }

    private void node(String name) {
        var agent = seen.agents().stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
        if (agent.isEmpty() || !isFresh(agent.get())) {
            findings.add(silent(name, agent));
            return;
        }
        var legs = agent.get().status().legs().checked().stream()
                .filter(choice::isOf)
                .toList();
        legs.forEach(
                leg -> findings.add(new Finding(name, leg, agent.get().status().heartbeat())));
        policies.stream()
                .filter(row -> isGatewayOf(name, row)
                        && legs.stream()
                                .noneMatch(leg ->
                                        leg.policies().contains(row.policy().name())))
                .forEach(row -> findings.add(mute(name, row, agent.get())));
    }

    private boolean isGatewayOf(String node, PolicyRow row) {
        return row.policy().status().gateways().stream()
                .anyMatch(gateway -> isOurs(gateway) && gateway.node().equals(node) && gateway.share() > 0);
    }

    private boolean isFresh(MeshNodeObject agent) {
        return agent.status()
                .heartbeat()
                .filter(beat -> beat.plus(OLD).isAfter(seen.now()))
                .isPresent();
    }

    private List<MeshNodeObject> fresh() {
        return seen.agents().stream()
                .filter(agent -> choice.isOn(agent.name()) && isFresh(agent))
                .toList();
    }

    private Finding silent(String name, Optional<MeshNodeObject> agent) {
        var last = agent.flatMap(known -> known.status().heartbeat());
        String read = last.map(when -> "its last report is from " + Age.of(when, seen.now()) + " ago")
                .orElse("it has never reported");
        return Finding.unknown(
                name,
                "agent",
                "",
                new Words(
                        read,
                        "a report every 30 s",
                        "the node or its agent is down, or it cannot reach the Kubernetes API: its legs are not known",
                        "kubectl get node " + name + "; kubectl -n tombolo-system get pods -o wide"),
                last);
    }

    private static Finding mute(String name, PolicyRow row, MeshNodeObject agent) {
        return Finding.unknown(
                name,
                "agent",
                row.policy().name(),
                new Words(
                        "it says nothing of the policy",
                        "the legs of a gateway",
                        "it has not come to it yet, or is of an older version",
                        "ask again; if it stays so, see tombolo status"),
                agent.status().heartbeat());
    }

    /** Which nodes have an address, only all of them together tell. */
    private void addresses() {
        var holders = new TreeMap<String, Set<String>>();
        seen.agents().stream()
                .filter(this::isFresh)
                .forEach(agent -> agent.status()
                        .legs()
                        .addresses()
                        .forEach(held -> holders.computeIfAbsent(held.address(), _ -> new TreeSet<>())
                                .add(agent.name())));
        var inUse = gateways().map(EgressPolicyObject.Gateway::egressIP).collect(Collectors.toSet());
        holders.forEach((address, nodes) -> {
            if (nodes.size() > 1 && inUse.contains(address) && nodes.stream().anyMatch(choice::isOn)) {
                findings.add(twice(address, nodes));
            }
        });
    }

    private Finding twice(String address, Set<String> nodes) {
        String gateways = gateways()
                .filter(gateway -> gateway.egressIP().equals(address))
                .map(EgressPolicyObject.Gateway::node)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return Finding.broken(
                String.join(", ", nodes),
                "address",
                address,
                new Words(
                        nodes.size() + " nodes have it",
                        "it on one node, a gateway (" + gateways + ")",
                        "more than one answers for it: replies go to either",
                        "ip addr del " + address
                                + "/32 dev DEVICE on all but one gateway, with the length it has there"),
                oldest(nodes));
    }

    private Optional<Instant> oldest(Set<String> nodes) {
        return seen.agents().stream()
                .filter(agent -> nodes.contains(agent.name()))
                .flatMap(agent -> agent.status().heartbeat().stream())
                .min(Comparator.naturalOrder());
    }

    /** What the policy's own status says counts where no leg explains it. */
    private void policy(PolicyRow row) {
        String name = row.policy().name();
        boolean explained = findings.stream()
                .anyMatch(finding -> !finding.is(State.Holds) && finding.leg().isOf(name));
        if (row.isFine() || explained || choice.node().isPresent()) {
            return;
        }
        var words = new Words(
                row.programmed().reason() + ": " + row.message(),
                "a policy that is in the data path of all its nodes",
                "see the message",
                "tombolo egress list; see Troubleshooting in the guide of the egress gateway");
        findings.add(
                row.programmed().status().equals("False")
                        ? Finding.broken("", "policy", name, words, Optional.empty())
                        : Finding.unknown("", "policy", name, words, Optional.empty()));
    }

    private List<String> elsewhere() {
        return policies.stream()
                .flatMap(row -> row.policy().status().gateways().stream()
                        .filter(gateway -> !isOurs(gateway))
                        .map(gateway -> "gateway " + gateway.node() + " of policy "
                                + row.policy().name() + " is in cluster " + gateway.cluster()
                                + ": ask tombolo doctor there for its legs"))
                .distinct()
                .sorted()
                .toList();
    }
}
