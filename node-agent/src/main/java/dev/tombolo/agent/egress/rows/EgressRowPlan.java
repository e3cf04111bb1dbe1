package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.network.NodeNetwork.Held;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.Link;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of this node: those of its own pods and, where it is a gateway, of all that a policy selects. What has no
 * carrier or no address has no row, and the programs drop it.
 */
public final class EgressRowPlan {
    /** Ports that the node's own programs do not get by themselves and no NodePort has. */
    private static final int FIRST_PORT = 1_024;

    private static final int LAST_SHARED_PORT = 29_999;
    private static final int LAST_PORT = 65_535;

    private final NodeId self;
    private final EgressProgram program;
    private final NodeNetwork network;
    private final Set<String> carriers;
    private final PathSizes sizes;
    private final Set<GroupId> floating;
    private final RateLimits limits;
    private final Map<EgressKey, Packed> rows = new HashMap<>();

    private EgressRowPlan(
            NodeId self, EgressProgram program, NodeNetwork network, Set<String> carriers, PathSizes sizes) {
        this.self = self;
        this.program = program;
        this.network = network;
        this.carriers = carriers;
        this.sizes = sizes;
        floating = program.floatingGroups();
        limits = RateLimits.of(program);
    }

    /**
     * The rows.
     *
     * @param carriers the devices of carriers that are there
     * @param internal ranges that are never steered
     * @param sizes of the ways that take less than their carriers
     */
    public static Map<EgressKey, Packed> rows(
            NodeId self,
            EgressProgram program,
            NodeNetwork network,
            Set<String> carriers,
            Collection<Prefix> internal,
            PathSizes sizes) {
        var sources = SourceRows.of(self, program);
        return rows(others(self, program, sources, network, carriers, internal, sizes), sources);
    }

    static Map<EgressKey, Packed> rows(Map<EgressKey, Packed> others, SourceRows sources) {
        var rows = new LinkedHashMap<>(others);
        sources.forEach((address, row) -> rows.put(new EgressKey.Source(address), row));
        return rows;
    }

    /** The rows that are not of pods. */
    static Map<EgressKey, Packed> others(
            NodeId self,
            EgressProgram program,
            SourceRows sources,
            NodeNetwork network,
            Set<String> carriers,
            Collection<Prefix> internal,
            PathSizes sizes) {
        var plan = new EgressRowPlan(self, program, network, carriers, sizes);
        internal.forEach(plan::internal);
        // Pods' ranges within those, so that a row of its own steers nothing that was not.
        sizes.pods().keySet().stream()
                .filter(range -> internal.stream().anyMatch(wider -> wider.contains(range)))
                .forEach(plan::internal);
        var groups = plan.rules(sources);
        groups.forEach(plan::group);
        program.leaving().keySet().forEach(plan::gatewayRow);
        if (program.standsBy(self)) {
            plan.rows.putAll(plan.limits.rows());
        }
        program.state().policies().forEach(policy -> policy.destinations().forEach(plan::union));
        plan.addresses();
        return plan.rows;
    }

    private void internal(Prefix range) {
        rows.put(new EgressKey.Internal(range), new EgressInternal(sizes.within(range)));
    }

    /** A pod that is not classified yet is held towards whatever a policy names, also one that selects no pod so far. */
    private void union(Prefix destination) {
        rows.put(new EgressKey.Rule(EgressRuleKey.UNION, destination), new EgressRule(EgressAction.DROP, 0, 0));
    }

    /** Returns the groups that they name. */
    private Set<GroupId> rules(SourceRows sources) {
        var groups = new HashSet<GroupId>();
        program.rows().rules().forEach((key, rule) -> {
            if (sources.uses(key.set())) {
                rows.put(new EgressKey.Rule(key.set().value(), key.destination()), row(rule));
                if (rule instanceof Rule.ToGroup to) {
                    groups.add(to.group());
                }
            }
        });
        return groups;
    }

    private EgressRule row(Rule rule) {
        int policy = program.numbers().policies().of(rule.policy());
        return switch (rule) {
            case Rule.ToGroup to ->
                new EgressRule(EgressAction.GATEWAY, to.group().value(), policy, flags(to));
            case Rule.Exclude _ -> new EgressRule(EgressAction.EXCLUDE, 0, policy);
            case Rule.Drop _ -> new EgressRule(EgressAction.DROP, 0, policy);
        };
    }

    private int flags(Rule.ToGroup to) {
        return (floating.contains(to.group()) ? EgressRule.FOLLOWS : 0)
                | (limits.hold(to.policy()) ? EgressRule.LIMITED : 0);
    }

    private void group(GroupId id) {
        var slots = program.rows().groups().get(id).slots();
        rows.put(
                new EgressKey.Group(id.value()),
                EgressGroup.of(slots.stream()
                        .map(slot -> slot.map(program::gatewayNumber).orElse(0))
                        .toList()));
        slots.stream().flatMap(Optional::stream).distinct().forEach(this::gatewayRow);
    }

    private void gatewayRow(NodeId node) {
        gateway(node).ifPresent(row -> rows.put(new EgressKey.Gateway(program.gatewayNumber(node)), row));
    }

    private Optional<EgressGateway> gateway(NodeId node) {
        if (node.equals(self)) {
            return Optional.of(EgressGateway.LOCAL);
        }
        // Without a row its flows choose again, as where it is dead and no group has it.
        return Optional.of(Carrier.toGateway(program.gatewayNumber(node)))
                .filter(carriers::contains)
                .flatMap(network::link)
                .filter(Link::isUp)
                .map(link -> gateway(link, sizes.gateways().getOrDefault(node, link.mtu())));
    }

    private static EgressGateway gateway(Link carrier, int size) {
        return size < carrier.mtu()
                ? EgressGateway.narrow(carrier.index(), size)
                : EgressGateway.remote(carrier.index(), carrier.mtu());
    }

    private void addresses() {
        program.rows().addresses().forEach((key, address) -> {
            if (key.node().equals(self) && program.mayUse(self, address)) {
                network.held(address, key.v4())
                        .ifPresent(held ->
                                rows.put(new EgressKey.Address(key.group().value(), key.v4()), row(held)));
            }
        });
    }

    private static EgressAddress row(Held held) {
        return new EgressAddress(
                held.address(), held.link().index(), FIRST_PORT, held.shared() ? LAST_SHARED_PORT : LAST_PORT);
    }
}
