package dev.tombolo.agent.egress.address;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The egress addresses that this node serves now, so that others can be told to send answers here. */
public final class HeldAddressPlan {
    private final NodeId self;
    private final EgressProgram program;
    private final NodeNetwork network;
    private final Set<IpAddress> owned;

    private HeldAddressPlan(NodeId self, EgressProgram program, NodeNetwork network, Set<IpAddress> owned) {
        this.self = self;
        this.program = program;
        this.network = network;
        this.owned = owned;
    }

    /**
     * Of a node.
     *
     * @param owned the floating addresses that it has put on its devices and not lost since
     * @param policies for their labels, by name
     * @param pools the same
     */
    public static Map<IpAddress, HeldAddress> held(
            NodeId self,
            EgressProgram program,
            NodeNetwork network,
            Set<IpAddress> owned,
            Map<String, EgressPolicyObject> policies,
            Map<String, EgressPoolObject> pools) {
        var held = new HashMap<IpAddress, HeldAddress>();
        new HeldAddressPlan(self, program, network, owned)
                .policies()
                .forEach((address, names) -> held.put(address, held(program, address, names, policies, pools)));
        return held;
    }

    private static HeldAddress held(
            EgressProgram program,
            IpAddress address,
            Set<String> names,
            Map<String, EgressPolicyObject> policies,
            Map<String, EgressPoolObject> pools) {
        var pool = program.poolOf(address);
        var labels = new HashMap<String, String>();
        names.stream()
                .filter(policies::containsKey)
                .forEach(name -> labels.putAll(policies.get(name).labels()));
        pool.map(pools::get).ifPresent(known -> labels.putAll(known.labels()));
        return new HeldAddress(pool, labels, program.epochOf(address));
    }

    /** The policies that name each address, by name. */
    private Map<IpAddress, Set<String>> policies() {
        var ofGroups = ofGroups();
        var named = new HashMap<IpAddress, Set<String>>();
        program.rows().addresses().forEach((key, row) -> {
            if (key.node().equals(self) && row instanceof EgressAddress.Fixed(var address) && isHere(address)) {
                var policies = ofGroups.getOrDefault(key.group(), Set.of());
                if (!policies.isEmpty()) {
                    named.computeIfAbsent(address, _ -> new TreeSet<>()).addAll(policies);
                }
            }
        });
        return named;
    }

    /** The policies of the groups that this node carries packets of. */
    private Map<GroupId, Set<String>> ofGroups() {
        return program.rows().rules().values().stream()
                .filter(rule -> rule instanceof Rule.ToGroup)
                .map(Rule.ToGroup.class::cast)
                .filter(rule ->
                        program.rows().groups().get(rule.group()).shares().containsKey(self))
                .collect(Collectors.groupingBy(
                        Rule.ToGroup::group,
                        Collectors.mapping(Rule.ToGroup::policy, Collectors.toCollection(TreeSet::new))));
    }

    /** One that floats is another node's as soon as that is known, whatever is still on a device. */
    private boolean isHere(IpAddress address) {
        var wanted = new EgressAddress.Fixed(address);
        return program.poolOf(address).isPresent()
                ? owned.contains(address) && program.mayUse(self, wanted)
                : network.held(wanted, address.isV4()).isPresent();
    }
}
