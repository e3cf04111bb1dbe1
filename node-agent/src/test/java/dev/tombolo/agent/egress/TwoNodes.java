package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.Numbering;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAnnotations;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pod on node1 and one on node2, which is the gateway of both towards 198.51.100.0/24. */
public final class TwoNodes {
    public static final ClusterName CLUSTER = new ClusterName("east");
    public static final NodeId NODE1 = new NodeId(CLUSTER, "node1");
    public static final NodeId NODE2 = new NodeId(CLUSTER, "node2");
    public static final Prefix OUTSIDE = Prefix.parse("198.51.100.0/24");
    public static final IpAddress POD1 = IpAddress.parse("10.1.1.5");
    public static final IpAddress POD2 = IpAddress.parse("10.1.2.5");
    public static final String EGRESS = "172.30.1.200";

    public final List<EgressPolicyObject> policies = new ArrayList<>(List.of(policy("billing", EGRESS, OUTSIDE)));
    public final List<KubeNode> nodes = new ArrayList<>(List.of(node(1), node(2)));
    public final List<EgressPool> pools = new ArrayList<>();
    public final Map<NodeId, GatewayHealth> health = new HashMap<>();
    public final Map<IpAddress, EgressOwner> owners = new HashMap<>();
    public final List<EgressPod> pods = new ArrayList<>(List.of(pod("one", "node1", POD1), pod("two", "node2", POD2)));

    public static EgressPolicyObject policy(String name, String egressIp, Prefix destination) {
        var billing = new SelectorSpec(Map.of("app", "billing"), List.of());
        var gateways = new SelectorSpec(Map.of("egress", "yes"), List.of());
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(billing), Optional.empty(), Optional.empty())),
                List.of(destination.toString()),
                List.of(),
                Optional.of(new EgressPolicySpec.Gateway(
                        Optional.of(gateways),
                        Optional.empty(),
                        Optional.of(egressIp).filter(ip -> !ip.isEmpty()))),
                List.of());
        return new EgressPolicyObject(name, "", 3, Optional.of(Instant.EPOCH), Map.of(), spec, null);
    }

    public static EgressPolicyObject policyOfInterface(String name, String device, Prefix destination) {
        var byAddress = policy(name, "", destination);
        var gateway = new EgressPolicySpec.Gateway(
                byAddress.spec().egressGateway().orElseThrow().nodeSelector(), Optional.of(device), Optional.empty());
        var spec = new EgressPolicySpec(
                byAddress.spec().selectors(),
                byAddress.spec().destinationCIDRs(),
                List.of(),
                Optional.of(gateway),
                List.of());
        return new EgressPolicyObject(name, "", 3, Optional.of(Instant.EPOCH), Map.of(), spec, null);
    }

    public static Route byEth0(String destination) {
        return Route.gateway(Prefix.parse(destination), IpAddress.parse("172.30.1.1"), "eth0", Route.MAIN_TABLE);
    }

    /** A policy by the address of each gateway, of which there are several. */
    public static EgressPolicyObject limited(String rate, int gateways) {
        var policy = policy("billing", "", OUTSIDE);
        var annotations =
                Map.of(EgressAnnotations.RATE_LIMIT, rate, EgressAnnotations.MAX_GATEWAYS, Integer.toString(gateways));
        return new EgressPolicyObject("billing", "", 3, Optional.of(Instant.EPOCH), annotations, policy.spec(), null);
    }

    private static EgressPod pod(String name, String node, IpAddress address) {
        return pod(name, "billing", node, address, false);
    }

    /** Pods of the app billing are selected. */
    public static EgressPod pod(String name, String app, String node, IpAddress address, boolean terminating) {
        return new EgressPod(
                "shop", name, name, "default", Map.of("app", app), node, List.of(address), false, terminating);
    }

    public static WireGuardKey key(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        return new WireGuardKey(Base64.getEncoder().encodeToString(bytes));
    }

    private static KubeNode node(int number) {
        return node(number, number == 2 ? Map.of("egress", "yes") : Map.of());
    }

    /** A node with a tunnel address. */
    public static KubeNode node(int number, Map<String, String> labels) {
        return new KubeNode(
                "node" + number,
                "uid" + number,
                labels,
                Map.of(
                        MeshNode.PUBLIC_KEY_ANNOTATION,
                        key(number).base64(),
                        MeshNode.PORT_ANNOTATION,
                        "51871",
                        MeshNode.TUNNEL_ADDRESS_ANNOTATION,
                        "100.64.0." + number),
                List.of(Prefix.parse("10.1." + number + ".0/24")),
                List.of(IpAddress.parse("172.30.1.1" + number)),
                List.of(),
                true,
                "boot",
                false);
    }

    /** As an EgressIPPool would have it. */
    public void letEgressFloat() {
        var address = IpAddress.parse(EGRESS);
        pools.add(new EgressPool(
                "floating",
                Instant.EPOCH,
                List.of(new AddressRange(address, address)),
                LabelSelector.EVERYTHING,
                OptionalInt.empty()));
    }

    public EgressState state() {
        return EgressState.of(
                        CLUSTER,
                        policies.stream().map(EgressPolicyObject::reading).toList(),
                        pods,
                        Map.of("shop", Map.of()),
                        nodes.stream().map(node -> node.egressNode(CLUSTER)).toList())
                .withPools(pools)
                .withHealth(health)
                .withOwners(owners);
    }

    public Map<String, EgressPolicyObject.Version> versions() {
        return policies.stream().collect(Collectors.toMap(EgressPolicyObject::name, EgressPolicyObject::version));
    }

    public EgressProgram program() {
        var state = state();
        var decisions = EgressPlan.decide(state);
        var numbers = EgressNumbers.NONE.next(state, decisions, EgressNumbers.InUse.NOTHING);
        return new EgressProgram(state, versions(), decisions, numbers, EgressPlan.rows(decisions, numbers));
    }

    /** The same while gateways are left, which have had numbers before. */
    public EgressProgram leaving(NodeId... gateways) {
        var program = program();
        var known = program.numbers();
        var numbers = new HashMap<>(known.gateways().numbers());
        for (var gateway : gateways) {
            numbers.putIfAbsent(gateway.toString(), numbers.size() + 1);
        }
        var retired = new Numbering<>(known.gateways().numbers(), numbers);
        var all = new EgressNumbers(known.sets(), known.groups(), retired, known.policies());
        return new EgressProgram(
                program.state(),
                program.versions(),
                program.decisions(),
                all,
                program.rows(),
                Stream.of(gateways).collect(Collectors.toMap(gateway -> gateway, _ -> 1L)));
    }

    /** A node with a bridge for its pods, a carrier to a gateway, and these addresses beside its own. */
    public static NodeNetwork network(int number, String... more) {
        var addresses = new ArrayList<>(List.of(
                new InterfaceAddress("lo", IpAddress.parse("127.0.0.1"), 8),
                new InterfaceAddress("eth0", IpAddress.parse("172.30.1.1" + number), 24)));
        for (String address : more) {
            addresses.add(new InterfaceAddress("eth0", IpAddress.parse(address), 24));
        }
        return new NodeNetwork(
                List.of(
                        link(1, "lo"),
                        link(2, "eth0"),
                        link(3, "cni0"),
                        link(7, "tombolo-eg1"),
                        link(8, "tombolo-egw"),
                        link(9, "tombolo-eg2")),
                addresses,
                List.of(
                        Route.gateway(
                                Prefix.parse("0.0.0.0/0"), IpAddress.parse("172.30.1.1"), "eth0", Route.MAIN_TABLE),
                        Route.device(Prefix.parse("172.30.1.0/24"), "eth0", Route.MAIN_TABLE),
                        Route.device(Prefix.parse("10.1." + number + ".0/24"), "cni0", Route.MAIN_TABLE)));
    }

    private static Link link(int index, String name) {
        return new Link(index, name, name.startsWith("tombolo") ? 1_420 : 1_500, true, Optional.empty());
    }
}
