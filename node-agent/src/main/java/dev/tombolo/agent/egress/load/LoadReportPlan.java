package dev.tombolo.agent.egress.load;

import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What this node says of the load of the policies that it is a gateway of. */
public final class LoadReportPlan {
    private static final Comparator<Map.Entry<IpAddress, AddressLoad>> FULLEST = Comparator.comparing(
                    (Map.Entry<IpAddress, AddressLoad> entry) ->
                            entry.getValue().state())
            .thenComparing(entry -> entry.getValue().ratio())
            .thenComparing(Map.Entry::getKey);

    private LoadReportPlan() {}

    /** The report with the load of each policy that has an address here. */
    public static List<EgressProgrammed> with(
            GatewayLoad load, List<EgressProgrammed> report, NodeId self, EgressProgram program) {
        if (load.byGroup().isEmpty()) {
            return report;
        }
        var carried = carried(self, program);
        return report.stream()
                .map(held -> Optional.ofNullable(carried.get(held.policy()))
                        .flatMap(groups -> load(load, number(program, held.policy()), groups))
                        .map(held::with)
                        .orElse(held))
                .toList();
    }

    /** By policy, the groups that the node is a gateway of. */
    private static Map<String, Set<GroupId>> carried(NodeId self, EgressProgram program) {
        var carried = new HashMap<String, Set<GroupId>>();
        program.rows().rules().forEach((_, rule) -> {
            if (rule instanceof Rule.ToGroup(var policy, var group)
                    && program.rows().groups().get(group).shares().containsKey(self)) {
                carried.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
            }
        });
        return carried;
    }

    private static int number(EgressProgram program, String policy) {
        return program.numbers().policies().of(policy);
    }

    private static Optional<EgressLoad> load(GatewayLoad load, int policy, Set<GroupId> groups) {
        int connections = load.connections().getOrDefault(policy, 0);
        return groups.stream()
                .flatMap(group -> load.byGroup().getOrDefault(group.value(), Set.of()).stream())
                .distinct()
                .map(address -> Map.entry(address, load.addresses().get(address)))
                .max(FULLEST)
                .map(fullest -> load(load.full(), connections, fullest.getKey(), fullest.getValue()));
    }

    private static EgressLoad load(boolean full, int connections, IpAddress address, AddressLoad of) {
        String warning = LoadPlan.said(address, of)
                .or(() -> full ? Optional.of(LoadPlan.saidOfTranslations()) : Optional.empty())
                .orElse("");
        return new EgressLoad(
                connections,
                address.toString(),
                of.destination().orElse(""),
                of.used(),
                of.ports(),
                of.refused(),
                warning);
    }
}
