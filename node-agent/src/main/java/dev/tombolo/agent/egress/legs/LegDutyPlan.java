package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.carrier.Carrier;
import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressRows.AddressKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a node is to do for policies, put so that its legs can be looked at. */
public final class LegDutyPlan {
    private final NodeId self;
    private final EgressProgram program;
    private final NodeNetwork network;
    private final GatewaysSeen seen;
    private final Set<IpAddress> floating;
    private final Map<GroupId, Use> uses = new HashMap<>();
    private final OwnPods pods;

    /** What is made of a group. */
    private static final class Use {
        final Set<String> policies = new HashSet<>();
        final Set<Prefix> destinations = new HashSet<>();
        final Set<Prefix> ofOwnPods = new HashSet<>();
    }

    private LegDutyPlan(NodeId self, EgressProgram program, NodeNetwork network, GatewaysSeen seen) {
        this.self = self;
        this.program = program;
        this.network = network;
        this.seen = seen;
        floating = program.floating();
        pods = OwnPods.of(self, program, network);
        program.rows().rules().forEach((key, rule) -> {
            if (rule instanceof Rule.ToGroup(var policy, var group)) {
                var use = uses.computeIfAbsent(group, _ -> new Use());
                use.policies.add(policy);
                use.destinations.add(key.destination());
                if (pods.sendBy(key)) {
                    use.ofOwnPods.add(key.destination());
                }
            }
        });
    }

    /**
     * The duty.
     *
     * @param seen of the gateways of this node's pods
     */
    public static Duty duty(
            NodeId self, EgressProgram program, NodeNetwork network, GatewaysSeen seen, List<Duty.Work> works) {
        var plan = new LegDutyPlan(self, program, network, seen);
        var exits = plan.exits();
        var ways = plan.ways();
        boolean idle = exits.isEmpty() && ways.isEmpty();
        var crossings = CrossingsPlan.crossings(self, program, network, plan.pods, exits, ways);
        return new Duty(exits, ways, crossings, plan.gatewayDevice(), plan.held(), idle ? List.of() : works);
    }

    private List<Duty.Exit> exits() {
        var exits = new ArrayList<Duty.Exit>();
        program.rows().addresses().forEach((key, address) -> {
            var use = uses.get(key.group());
            if (key.node().equals(self) && use != null && carries(key.group())) {
                exit(key, address, use).ifPresent(exits::add);
            }
        });
        exits.sort(Comparator.comparing(Duty.Exit::wanted)
                .thenComparing(exit -> exit.destinations().toString()));
        return exits;
    }

    /** Empty where no destination is of the family. */
    private Optional<Duty.Exit> exit(AddressKey key, EgressAddress address, Use use) {
        var destinations = use.destinations.stream()
                .filter(range -> range.isV4() == key.v4())
                .collect(Collectors.toSet());
        if (destinations.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Duty.Exit(
                address.toString(),
                key.v4(),
                network.held(address, key.v4())
                        .map(held -> new Duty.Place(held.address(), held.link().name())),
                owner(address),
                use.policies,
                destinations,
                use.ofOwnPods.stream().anyMatch(destinations::contains)));
    }

    private Optional<Duty.Owner> owner(EgressAddress wanted) {
        if (!(wanted instanceof EgressAddress.Fixed(var address)) || !floating.contains(address)) {
            return Optional.empty();
        }
        var node = Optional.ofNullable(program.state().owners().get(address)).map(owner -> owner.node());
        return Optional.of(
                new Duty.Owner(node.map(NodeId::name).orElse(""), node.equals(Optional.of(self)), seen.connected()));
    }

    private boolean carries(GroupId group) {
        return program.rows().groups().get(group).shares().containsKey(self);
    }

    private List<Duty.Way> ways() {
        var policies = new TreeMap<NodeId, Set<String>>();
        program.rows().rules().forEach((key, rule) -> {
            if (pods.sendBy(key) && rule instanceof Rule.ToGroup(var policy, var group)) {
                program.rows()
                        .groups()
                        .get(group)
                        .shares()
                        .keySet()
                        .forEach(gateway -> policies.computeIfAbsent(gateway, _ -> new HashSet<>())
                                .add(policy));
            }
        });
        policies.values().stream()
                .flatMap(Set::stream)
                .collect(Collectors.toSet())
                .forEach(policy -> program.outOf(policy)
                        .forEach(gateway -> policies.computeIfAbsent(gateway, _ -> new HashSet<>())
                                .add(policy)));
        policies.remove(self);
        var ways = new ArrayList<Duty.Way>();
        policies.forEach((gateway, names) -> ways.add(new Duty.Way(
                gateway.cluster().equals(self.cluster()) ? gateway.name() : gateway.toString(),
                Carrier.toGateway(program.gatewayNumber(gateway)),
                Optional.ofNullable(seen.answers().get(gateway)),
                Optional.ofNullable(seen.sizes().get(gateway)),
                names)));
        return ways;
    }

    private Optional<Duty.GatewayDevice> gatewayDevice() {
        var policies = uses.entrySet().stream()
                .filter(use -> carries(use.getKey()))
                .flatMap(use -> use.getValue().policies.stream())
                .collect(Collectors.toSet());
        return policies.isEmpty()
                ? Optional.empty()
                : Optional.of(new Duty.GatewayDevice(Carrier.GATEWAY_DEVICE, policies));
    }

    /** Also what is another node's: nobody else can see that it is here. */
    private List<NodeLegs.Held> held() {
        return program.rows().addresses().entrySet().stream()
                .filter(row -> row.getValue() instanceof EgressAddress.Fixed)
                .flatMap(row -> network.held(row.getValue(), row.getKey().v4()).stream())
                .map(held ->
                        new NodeLegs.Held(held.address().toString(), held.link().name()))
                .distinct()
                .sorted(Comparator.comparing(NodeLegs.Held::address))
                .toList();
    }
}
