package dev.tombolo.agent.egress;

import dev.tombolo.egress.plan.EgressRows.AddressKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this node does for each policy that it has something to do for, and what keeps it from that. */
final class EgressReportPlan {
    private final NodeId self;
    private final EgressProgram program;
    private final NodeNetwork network;
    private final Set<String> carriers;
    private final Set<SetId> own;
    private final Map<String, Set<GroupId>> sending = new TreeMap<>();
    private final Map<String, Set<GroupId>> carrying = new TreeMap<>();
    private final Set<String> concerned = new HashSet<>();

    private EgressReportPlan(NodeId self, EgressProgram program, NodeNetwork network, Set<String> carriers) {
        this.self = self;
        this.program = program;
        this.network = network;
        this.carriers = carriers;
        own = program.setsOn(self);
        program.rows().rules().forEach((key, rule) -> look(key.set(), rule));
    }

    /**
     * The report.
     *
     * @param failure of writing rows or attaching programs, which concerns every policy
     */
    static List<EgressProgrammed> report(
            NodeId self, EgressProgram program, NodeNetwork network, Set<String> carriers, Optional<String> failure) {
        var plan = new EgressReportPlan(self, program, network, carriers);
        var report = new ArrayList<EgressProgrammed>();
        new TreeMap<>(program.versions()).forEach((policy, version) -> {
            if (plan.concerned.contains(policy)) {
                String problem = failure.or(() -> plan.problem(policy)).orElse("");
                report.add(new EgressProgrammed(policy, version, problem));
            }
        });
        return report;
    }

    private void look(SetId set, Rule rule) {
        if (own.contains(set)) {
            concerned.add(rule.policy());
        }
        if (rule instanceof Rule.ToGroup(var policy, var group)) {
            if (own.contains(set)) {
                sending.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
            }
            if (program.rows().groups().get(group).shares().containsKey(self)) {
                carrying.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
                concerned.add(policy);
            }
        }
    }

    private Optional<String> problem(String policy) {
        return missingAddress(policy).or(() -> missingDevice(policy)).or(() -> missingCarrier(policy));
    }

    private Optional<String> missingAddress(String policy) {
        var groups = carrying.getOrDefault(policy, Set.of());
        return program.rows().addresses().entrySet().stream()
                .filter(row -> row.getKey().node().equals(self)
                        && groups.contains(row.getKey().group()))
                .filter(row -> network.held(row.getValue(), row.getKey().v4()).isEmpty())
                .map(row -> missing(row.getKey(), row.getValue().toString()))
                .sorted()
                .findFirst();
    }

    private String missing(AddressKey key, String address) {
        return "IPNotFound: " + self.name() + " has no " + (key.v4() ? "IPv4" : "IPv6") + " address for " + address
                + "; add it to a device of the node, or choose another gateway";
    }

    private Optional<String> missingDevice(String policy) {
        return carrying.containsKey(policy) && !carriers.contains(Carrier.GATEWAY_DEVICE)
                ? Optional.of("CarrierMissing: " + self.name() + " has no device for pods of other nodes yet")
                : Optional.empty();
    }

    private Optional<String> missingCarrier(String policy) {
        return sending.getOrDefault(policy, Set.of()).stream()
                .flatMap(group -> gateways(group))
                .filter(gateway -> !gateway.equals(self))
                .filter(gateway -> !carriers.contains(Carrier.toGateway(program.gatewayNumber(gateway))))
                .sorted()
                .map(gateway ->
                        "CarrierMissing: " + self.name() + " has no tunnel to gateway " + gateway.name() + " yet")
                .findFirst();
    }

    private Stream<NodeId> gateways(GroupId group) {
        return program.rows().groups().get(group).shares().keySet().stream();
    }
}
