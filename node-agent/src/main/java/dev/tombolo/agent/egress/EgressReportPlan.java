package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.network.NodeNetwork.Held;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.AddressKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.egress.plan.EgressRows.RuleKey;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What this node does for each policy that it has something to do for, and what keeps it from that. */
final class EgressReportPlan {
    private final NodeId self;
    private final EgressProgram program;
    private final NodeNetwork network;
    private final Set<String> carriers;
    private final GatewaysSeen seen;
    private final Set<IpAddress> floating;
    private final Set<SetId> own;
    private final Map<String, Set<GroupId>> sending = new TreeMap<>();
    private final Map<String, Set<GroupId>> carrying = new TreeMap<>();
    private final Map<String, Set<Prefix>> carriedTo = new TreeMap<>();
    private final Set<String> concerned = new HashSet<>();

    private EgressReportPlan(
            NodeId self, EgressProgram program, NodeNetwork network, Set<String> carriers, GatewaysSeen seen) {
        this.self = self;
        this.program = program;
        this.network = network;
        this.carriers = carriers;
        this.seen = seen;
        floating = program.floating();
        own = program.setsOn(self);
        program.rows().rules().forEach(this::look);
    }

    /**
     * The report.
     *
     * @param seen of the gateways by this node
     * @param failure of writing rows or attaching programs, which concerns every policy
     */
    static List<EgressProgrammed> report(
            NodeId self,
            EgressProgram program,
            NodeNetwork network,
            Set<String> carriers,
            GatewaysSeen seen,
            Optional<String> failure) {
        var plan = new EgressReportPlan(self, program, network, carriers, seen);
        var report = new ArrayList<EgressProgrammed>();
        new TreeMap<>(program.versions()).forEach((policy, version) -> {
            if (plan.concerned.contains(policy)) {
                String problem = failure.or(() -> plan.problem(policy)).orElse("");
                report.add(new EgressProgrammed(policy, version, problem));
            }
        });
        return report;
    }

    private void look(RuleKey key, Rule rule) {
        var set = key.set();
        if (own.contains(set)) {
            concerned.add(rule.policy());
        }
        if (rule instanceof Rule.ToGroup(var policy, var group)) {
            if (own.contains(set)) {
                sending.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
            }
            if (program.rows().groups().get(group).shares().containsKey(self)) {
                carrying.computeIfAbsent(policy, _ -> new HashSet<>()).add(group);
                carriedTo.computeIfAbsent(policy, _ -> new TreeSet<>()).add(key.destination());
                concerned.add(policy);
            }
        }
    }

    private Optional<String> problem(String policy) {
        return missingAddress(policy)
                .or(() -> deadEnd(policy))
                .or(() -> missingDevice(policy))
                .or(() -> missingCarrier(policy))
                .or(() -> unreachable(policy))
                .or(() -> noTakeover(policy));
    }

    /** Only this node's own way: if the gateway were dead for most, another would serve. */
    private Optional<String> unreachable(String policy) {
        return sending.getOrDefault(policy, Set.of()).stream()
                .flatMap(this::gateways)
                .filter(gateway -> Boolean.FALSE.equals(seen.answers().get(gateway)))
                .sorted()
                .map(gateway -> "GatewayUnreachable: " + self.name() + " gets no answer from gateway " + gateway.name())
                .findFirst();
    }

    private Optional<String> noTakeover(String policy) {
        boolean floats = groups(policy)
                .flatMap(group -> program.rows().addresses().entrySet().stream()
                        .filter(row -> row.getKey().group().equals(group)))
                .anyMatch(row ->
                        row.getValue() instanceof EgressAddress.Fixed(var address) && floating.contains(address));
        if (seen.connected() || !floats && !program.mayChooseAnother(policy)) {
            return Optional.empty();
        }
        return Optional.of("NoTakeover: " + self.name() + " cannot reach the mesh's etcd, so that "
                + (floats ? "no address moves from or to it" : "it stays with the gateways that it has")
                + "; all else goes on");
    }

    private Stream<GroupId> groups(String policy) {
        return Stream.concat(
                sending.getOrDefault(policy, Set.of()).stream(), carrying.getOrDefault(policy, Set.of()).stream());
    }

    private Optional<String> missingAddress(String policy) {
        var groups = carrying.getOrDefault(policy, Set.of());
        return program.rows().addresses().entrySet().stream()
                .filter(row -> row.getKey().node().equals(self)
                        && groups.contains(row.getKey().group()))
                .filter(row -> !program.mayUse(self, row.getValue())
                        || network.held(row.getValue(), row.getKey().v4()).isEmpty())
                .map(row -> missing(row.getKey(), row.getValue()))
                .sorted()
                .findFirst();
    }

    private String missing(AddressKey key, EgressAddress address) {
        if (address instanceof EgressAddress.Fixed(var fixed) && floating.contains(fixed)) {
            return "AddressPending: " + self.name() + " is to hold " + fixed + " and does not yet";
        }
        String family = key.v4() ? "IPv4" : "IPv6";
        return switch (address) {
            case EgressAddress.OfInterface(var device)
            when network.link(device).isEmpty() ->
                "InterfaceNotFound: " + self.name() + " has no device " + device
                        + "; name one that the gateway has, or choose another gateway";
            case EgressAddress.OfInterface(var device) ->
                "IPNotFound: device " + device + " of " + self.name() + " has no " + family
                        + " address; add one, or choose another gateway";
            case EgressAddress.OfDefaultRoute()
            when !network.hasDefaultRoute(key.v4()) ->
                "NoRoute: " + self.name() + " has no " + family
                        + " default route, whose device's address the policy wants; add one, or name an egressIP";
            case EgressAddress.OfDefaultRoute() ->
                "IPNotFound: the device of the default route of " + self.name() + " has no " + family
                        + " address; add one, or name an egressIP";
            case EgressAddress.Fixed _, EgressAddress.OfPool _ ->
                "IPNotFound: " + self.name() + " has no " + family + " address for " + address
                        + "; add it to a device of the node, or choose another gateway";
        };
    }

    /** Addresses that are there, on a device that leads nowhere. */
    private Optional<String> deadEnd(String policy) {
        var groups = carrying.getOrDefault(policy, Set.of());
        return program.rows().addresses().entrySet().stream()
                .filter(row -> row.getKey().node().equals(self)
                        && groups.contains(row.getKey().group()))
                .flatMap(row -> network.held(row.getValue(), row.getKey().v4()).stream())
                .flatMap(held -> deadEnd(policy, held).stream())
                .sorted()
                .findFirst();
    }

    private Optional<String> deadEnd(String policy, Held held) {
        String device = held.link().name();
        if (!held.link().isUp()) {
            return Optional.of("LinkDown: device " + device + " of " + self.name() + ", which has " + held.address()
                    + ", is down; set it up");
        }
        return carriedTo.get(policy).stream()
                .filter(range -> range.isV4() == held.address().isV4() && !network.leads(device, range))
                .findFirst()
                .map(range -> "NoRoute: " + self.name() + " has no route to " + range + " by " + device + ", which has "
                        + held.address() + "; add a default route by that device");
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
