package dev.tombolo.agent.egress.program;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.Standbys;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Gateways that this node's pods were sent to, or that it was itself, and that no group names any more: they drain, or
 * another one came before them. Their connections stay for as long as there are any. Confined to the thread that plans.
 */
public final class LeavingGateways {
    private final NodeId self;
    private final Table<NodeId, Long> emptied;
    private final LongSupplier clock;
    private final Map<NodeId, Long> left = new HashMap<>();
    private Optional<Set<NodeId>> serving = Optional.empty();

    /**
     * @param emptied those that nothing goes through any more, by when they were left
     * @param clock a monotonic one
     */
    public LeavingGateways(NodeId self, Table<NodeId, Long> emptied, LongSupplier clock) {
        this.self = self;
        this.emptied = emptied;
        this.clock = clock;
    }

    /** @param atStart the numbers of the gateways that the agent before this one had rows of */
    public EgressProgram in(EgressProgram program, Set<Integer> atStart) {
        var now = serving(program);
        var gone = new HashSet<>(serving.orElseGet(() -> numbered(program, atStart)));
        gone.removeAll(now);
        gone.forEach(node -> left.putIfAbsent(node, clock.getAsLong()));
        left.keySet().removeAll(now);
        var over = emptied.snapshot();
        left.entrySet()
                .removeIf(entry -> over.get(entry.getKey()).equals(Optional.of(entry.getValue()))
                        || !mayStay(program, entry.getKey()));
        serving = Optional.of(now);
        return program.leaving(left);
    }

    private Set<NodeId> serving(EgressProgram program) {
        var serving = program.gatewaysOf(program.setsOn(self));
        if (program.isGateway(self)) {
            serving.add(self);
        }
        return serving;
    }

    private static Set<NodeId> numbered(EgressProgram program, Set<Integer> numbers) {
        return program.state().nodes().stream()
                .map(EgressNode::id)
                .filter(node -> number(program, node).filter(numbers::contains).isPresent())
                .collect(Collectors.toSet());
    }

    private static Optional<Integer> number(EgressProgram program, NodeId node) {
        return program.numbers().gateways().find(node.toString());
    }

    /** While it answers, and a policy still names it whose flows do not follow an address. */
    private static boolean mayStay(EgressProgram program, NodeId node) {
        var decisions = program.decisions();
        var floating = Standbys.floating(program.state(), decisions);
        return number(program, node).isPresent()
                && program.state().nodes().stream()
                        .anyMatch(known -> known.id().equals(node) && answers(program, known))
                && decisions.usedGroups().stream()
                        .filter(group -> !floating.contains(group))
                        .anyMatch(group ->
                                decisions.gateways().get(group).candidates().contains(node));
    }

    private static boolean answers(EgressProgram program, EgressNode node) {
        var health = program.state().health().getOrDefault(node.id(), GatewayHealth.UNKNOWN);
        return health == GatewayHealth.ALIVE
                || health == GatewayHealth.ACCUSED
                || health == GatewayHealth.UNKNOWN && node.ready();
    }
}
