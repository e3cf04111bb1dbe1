package dev.tombolo.egress.report;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayChoice;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.egress.plan.SetRules;
import dev.tombolo.egress.plan.SetRules.Loss;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.egress.report.PolicyStatus.GatewayUse;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The decisions by policy instead of by set. */
final class PolicyFacts {
    private final EgressState state;
    private final EgressDecisions decisions;
    private final Map<String, EgressPolicy> decided = new HashMap<>();
    private final Map<NodeId, String> zones = new HashMap<>();
    private final Map<String, Integer> pods = new HashMap<>();
    private final Map<String, Set<GroupKey>> used = new HashMap<>();
    private final Map<String, Set<Loss>> losses = new HashMap<>();
    private final Set<String> dropped = new HashSet<>();

    PolicyFacts(EgressState state, EgressDecisions decisions) {
        this.state = state;
        this.decisions = decisions;
        decisions.policies().forEach(policy -> decided.put(policy.name(), policy));
        state.nodes().forEach(node -> zones.put(node.id(), node.zone()));
        decisions
                .pods()
                .forEach((set, count) ->
                        set.members().forEach(member -> pods.merge(member.policy(), count, Integer::sum)));
        decisions.sets().values().forEach(this::add);
    }

    private void add(SetRules rules) {
        rules.verdicts().values().forEach(verdict -> {
            switch (verdict) {
                case Verdict.Through(var policy, var group) ->
                    used.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
                case Verdict.Dropped(var policy) -> dropped.add(policy);
                case Verdict.Excluded _ -> {}
            }
        });
        rules.losses()
                .forEach(loss -> losses.computeIfAbsent(
                                loss.policy(),
                                _ -> new TreeSet<>(
                                        Comparator.comparing(Loss::destination).thenComparing(Loss::winner)))
                        .add(loss));
    }

    int pods(EgressPolicy policy) {
        return pods.getOrDefault(policy.name(), 0);
    }

    Collection<Loss> losses(EgressPolicy policy) {
        return losses.getOrDefault(policy.name(), Set.of());
    }

    /** Whether it has lost something and decides nowhere: no packet goes by it, or is dropped by it. */
    boolean isTaken(EgressPolicy policy) {
        return losses.containsKey(policy.name())
                && !used.containsKey(policy.name())
                && !dropped.contains(policy.name());
    }

    /** Whether packets of selected pods are dropped, or would be if there were pods. */
    boolean drops(EgressPolicy policy) {
        return dropped.contains(policy.name())
                || partly(policy)
                || !isTaken(policy) && choices(policy).noneMatch(GatewayChoice.Serving.class::isInstance);
    }

    private boolean partly(EgressPolicy policy) {
        return used.getOrDefault(policy.name(), Set.of()).stream()
                .map(decisions.gateways()::get)
                .anyMatch(choice -> choice instanceof GatewayChoice.Serving serving
                        && serving.group().slots().stream().anyMatch(Optional::isEmpty));
    }

    /** Why entries of the policy have no gateway. */
    List<GatewayChoice.None> failures(EgressPolicy policy) {
        return choices(policy)
                .filter(GatewayChoice.None.class::isInstance)
                .map(GatewayChoice.None.class::cast)
                .distinct()
                .toList();
    }

    /** Those in use, or those that would be where nothing is selected; none where other policies decide everywhere. */
    List<GatewayUse> gateways(EgressPolicy policy) {
        if (isTaken(policy)) {
            return List.of();
        }
        var groups = used.containsKey(policy.name())
                ? used.get(policy.name()).stream().sorted()
                : entries(policy);
        var serving = groups.flatMap(this::uses).distinct().toList();
        var names = serving.stream().map(GatewayUse::node).collect(Collectors.toSet());
        return Stream.concat(serving.stream(), outs(policy).filter(out -> !names.contains(out.node())))
                .distinct()
                .toList();
    }

    /** The nodes that could be its gateways and do not answer, whether they serve or not. */
    List<NodeId> out(EgressPolicy policy) {
        return isTaken(policy)
                ? List.of()
                : outs(policy).map(GatewayUse::node).distinct().toList();
    }

    /** Whether there is nobody left of whom that is not so. */
    boolean nobodyAnswers(EgressPolicy policy) {
        var serving = gateways(policy).stream()
                .filter(use -> use.share() > 0)
                .map(GatewayUse::node)
                .toList();
        return !serving.isEmpty() && out(policy).containsAll(serving);
    }

    private Stream<GatewayUse> outs(EgressPolicy policy) {
        return entries(policy)
                .flatMap(key -> decisions.gateways().get(key).candidates().stream()
                        .filter(node -> state.healthOf(node) == GatewayHealth.DEAD)
                        .map(node -> new GatewayUse(
                                node,
                                zones.getOrDefault(node, ""),
                                key.gateway().address(),
                                0,
                                Optional.empty())));
    }

    private Stream<GatewayUse> uses(GroupKey key) {
        return decisions.gateways().get(key) instanceof GatewayChoice.Serving serving
                ? serving.group().shares().entrySet().stream()
                        .map(share -> new GatewayUse(
                                share.getKey(),
                                zones.getOrDefault(share.getKey(), ""),
                                key.gateway().address(),
                                share.getValue(),
                                owner(key.gateway().address())))
                : Stream.empty();
    }

    private Optional<NodeId> owner(EgressAddress address) {
        return address instanceof EgressAddress.Fixed(var fixed)
                        && decisions.holders().containsKey(fixed)
                ? Optional.ofNullable(state.owners().get(fixed)).map(EgressOwner::node)
                : Optional.empty();
    }

    private Stream<GatewayChoice> choices(EgressPolicy policy) {
        return entries(policy).map(decisions.gateways()::get);
    }

    /** Of the policy as it was decided about, with addresses of pools. */
    private Stream<GroupKey> entries(EgressPolicy read) {
        var policy = decided.getOrDefault(read.name(), read);
        return IntStream.range(0, policy.gateways().size())
                .mapToObj(entry -> GroupKey.of(policy, entry, "", state.self()));
    }
}
