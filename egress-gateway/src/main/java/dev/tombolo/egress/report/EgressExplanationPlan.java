package dev.tombolo.egress.report;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayChoice;
import dev.tombolo.egress.plan.GatewayGroup;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.egress.plan.SetKey;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.egress.report.EgressExplanation.Considered;
import dev.tombolo.egress.report.EgressExplanation.Outcome;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Explains what the decisions mean for one pod and one destination. */
public final class EgressExplanationPlan {
    private final EgressState state;
    private final EgressDecisions decisions;
    private final EgressPod pod;
    private final IpAddress destination;

    private EgressExplanationPlan(EgressState state, EgressDecisions decisions, EgressPod pod, IpAddress destination) {
        this.state = state;
        this.decisions = decisions;
        this.pod = pod;
        this.destination = destination;
    }

    /** The decisions must have been made from the state. */
    public static EgressExplanation explain(
            EgressState state, EgressDecisions decisions, EgressPod pod, IpAddress destination) {
        return new EgressExplanationPlan(state, decisions, pod, destination).explanation();
    }

    private EgressExplanation explanation() {
        var source = source();
        var set = source.map(decisions.sources()::get);
        if (set.isEmpty()) {
            return new EgressExplanation(pod, destination, new Outcome.NoPolicy(whyInNoSet()), List.of());
        }
        var rule = decisions.sets().get(set.get()).at(destination);
        var outcome = rule.map(found -> outcome(source.get(), found.getKey(), found.getValue()))
                .orElse(new Outcome.NoPolicy("no policy that selects the pod names a range with " + destination));
        return new EgressExplanation(pod, destination, outcome, considered(set.get(), rule.map(Map.Entry::getValue)));
    }

    /** The pod's address that it would send from. */
    private Optional<IpAddress> source() {
        return pod.addresses().stream()
                .filter(_ -> !pod.hostNetwork())
                .filter(address -> address.isV4() == destination.isV4())
                .filter(decisions.sources()::containsKey)
                .findFirst();
    }

    private String whyInNoSet() {
        if (pod.hostNetwork()) {
            return "the pod is on its node's network, so that a policy for it would be one for the node";
        }
        if (pod.addresses().stream().noneMatch(address -> address.isV4() == destination.isV4())) {
            return "the pod has no address of the family of " + destination + " yet";
        }
        return "no policy selects the pod: compare its labels and its namespace's with spec.selectors";
    }

    private Outcome outcome(IpAddress source, Prefix prefix, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Excluded(var policy) -> new Outcome.Excluded(policy, prefix);
            case Verdict.Dropped(var policy) -> new Outcome.Dropped(policy, prefix, whyNoGateway(policy));
            case Verdict.Through(var policy, var key) -> through(source, prefix, policy, key);
        };
    }

    private Outcome through(IpAddress source, Prefix prefix, String policy, GroupKey key) {
        int slot = GatewayGroup.slot(source);
        var gateway = decisions.gateways().get(key) instanceof GatewayChoice.Serving serving
                ? serving.group().slots().get(slot)
                : Optional.<NodeId>empty();
        return gateway.<Outcome>map(node -> new Outcome.ThroughGateway(
                        policy, prefix, node, key.gateway().address(), slot))
                .orElse(new Outcome.Dropped(policy, prefix, "the pod's gateway does not answer, and failover is off"));
    }

    private String whyNoGateway(String policy) {
        if (policy(policy).gateways().isEmpty()) {
            return "its gateways cannot be meant; the condition Invalid says why";
        }
        return IntStream.range(0, policy(policy).gateways().size())
                .mapToObj(entry -> GroupKey.of(policy(policy), entry, "", state.self()))
                .map(decisions.gateways()::get)
                .filter(GatewayChoice.None.class::isInstance)
                .map(choice -> ((GatewayChoice.None) choice).message())
                .findFirst()
                .orElse("its gateways do not answer, and failover is off");
    }

    private List<Considered> considered(SetKey set, Optional<Verdict> verdict) {
        String decisive = verdict.map(Verdict::policy).orElse("");
        var names = set.members().stream().map(SetKey.Member::policy).toList();
        return decisions.policies().stream()
                .filter(policy -> names.contains(policy.name()))
                .map(policy -> new Considered(policy.name(), policy.name().equals(decisive), why(policy, decisive)))
                .toList();
    }

    private String why(EgressPolicy policy, String decisive) {
        var named = longest(policy.destinations());
        var hole = longest(policy.excluded());
        if (named.isEmpty()) {
            return "names no range with " + destination;
        }
        if (hole.isPresent() && hole.get().length() >= named.get().length()) {
            return "excludes " + hole.get();
        }
        if (policy.name().equals(decisive)) {
            return "names " + named.get();
        }
        return "names " + named.get() + ", but " + advantage(policy, named.get(), policy(decisive));
    }

    private String advantage(EgressPolicy policy, Prefix named, EgressPolicy winner) {
        var longer = longest(winner.destinations()).filter(prefix -> prefix.length() > named.length());
        if (longer.isPresent()) {
            return winner.name() + " names the longer " + longer.get();
        }
        if (winner.preferences().priority() != policy.preferences().priority()) {
            return winner.name() + " has priority "
                    + winner.preferences().priority() + " over "
                    + policy.preferences().priority();
        }
        return winner.name() + (winner.created().equals(policy.created()) ? " comes first by name" : " is older");
    }

    private Optional<Prefix> longest(Collection<Prefix> prefixes) {
        return prefixes.stream()
                .filter(prefix -> prefix.contains(destination))
                .max(Comparator.comparingInt(Prefix::length));
    }

    private EgressPolicy policy(String name) {
        return decisions.policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
