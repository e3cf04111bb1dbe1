package dev.tombolo.agent.egress.carrier;

import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.probe.PathProber;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.wireguard.WireGuardPeer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The carriers of this node: one to each gateway of its pods and to each that it asks, and one for all nodes if it is a
 * gateway or may have to be one.
 */
public final class CarrierPlan {
    private static final Set<Prefix> EVERYTHING = Set.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    private static final int PORTS_AWAY = 2;
    private static final int HIGHEST_PORT = 65_535;

    private final EgressProgram program;
    private final NodeId self;
    private final Tunnel tunnel;
    private final Map<String, KubeNode> nodes;
    private final Neighbours neighbours;
    private final OutsidePods outside;

    /**
     * This node's tunnel.
     *
     * @param address empty until the controllers have given it one
     * @param mtu of a device between this node and others
     * @param range where the tunnel addresses of the cluster are, and no others
     */
    public record Tunnel(Optional<IpAddress> address, int port, int mtu, Prefix range) {}

    private CarrierPlan(
            EgressProgram program,
            NodeId self,
            Collection<KubeNode> nodes,
            Neighbours neighbours,
            Tunnel tunnel,
            OutsidePods outside) {
        this.program = program;
        this.self = self;
        this.tunnel = tunnel;
        this.nodes = nodes.stream().collect(Collectors.toMap(KubeNode::name, node -> node));
        this.neighbours = neighbours;
        this.outside = outside;
    }

    /** The carriers, where nothing is known from before. */
    public static Map<String, Carrier> carriers(
            EgressProgram program, NodeId self, Collection<KubeNode> nodes, Neighbours neighbours, Tunnel tunnel) {
        return carriers(program, self, nodes, neighbours, tunnel, new OutsidePods());
    }

    /**
     * The carriers by the names of their devices.
     *
     * @param neighbours whose nodes may be gateways of our pods, or have pods that we are the gateway of
     * @param outside what is known of pods from one time to the next
     */
    public static Map<String, Carrier> carriers(
            EgressProgram program,
            NodeId self,
            Collection<KubeNode> nodes,
            Neighbours neighbours,
            Tunnel tunnel,
            OutsidePods outside) {
        var plan = new CarrierPlan(program, self, nodes, neighbours, tunnel, outside);
        var gateways = program.gatewaysOf(program.setsOn(self));
        gateways.addAll(program.askedBy(self));
        gateways.addAll(program.leaving().keySet());
        var carriers = new HashMap<String, Carrier>();
        for (NodeId gateway : gateways) {
            plan.gateway(gateway)
                    .ifPresent(
                            peer -> carriers.put(Carrier.toGateway(program.gatewayNumber(gateway)), plan.toward(peer)));
        }
        if (program.standsBy(self)) {
            carriers.put(Carrier.GATEWAY_DEVICE, new Carrier(portBeside(tunnel.port), tunnel.mtu, plan.sources()));
        }
        return carriers;
    }

    private Carrier toward(WireGuardPeer peer) {
        return new Carrier(0, tunnel.mtu, Map.of(peer.publicKey(), peer), tunnel.address);
    }

    /** Carriers listen beside the tunnel and the probes, at a port that other nodes can tell from the tunnel's. */
    private static int portBeside(int tunnel) {
        return tunnel + PORTS_AWAY == PathProber.PORT ? tunnel + 2 * PORTS_AWAY : tunnel + PORTS_AWAY;
    }

    private Optional<WireGuardPeer> gateway(NodeId gateway) {
        if (!gateway.cluster().equals(self.cluster())) {
            return neighbours.peer(gateway).flatMap(found -> remote(found.getKey(), found.getValue()));
        }
        return Optional.ofNullable(nodes.get(gateway.name()))
                .filter(_ -> !gateway.equals(self))
                .flatMap(node -> underlay(node)
                        .map(address -> new SocketEndpoint(address, portBeside(tunnelPort(node))))
                        .flatMap(endpoint ->
                                key(node).map(key -> WireGuardPeer.quiet(key, Optional.of(endpoint), EVERYTHING))));
    }

    /** A node whose tunnel leaves no room for a port beside it has no carrier. */
    private static Optional<WireGuardPeer> remote(WireGuardKey key, TunnelPeer node) {
        var tunnel = node.endpoint();
        return Optional.of(tunnel)
                .filter(_ -> tunnel.port() <= HIGHEST_PORT - 2 * PORTS_AWAY)
                .map(_ -> new SocketEndpoint(tunnel.address(), portBeside(tunnel.port())))
                .map(endpoint -> WireGuardPeer.quiet(key, Optional.of(endpoint), EVERYTHING));
    }

    private Map<WireGuardKey, WireGuardPeer> sources() {
        var peers = new HashMap<WireGuardKey, WireGuardPeer>();
        var pods = outside.of(program.state(), nodes.values());
        nodes.values().stream()
                .filter(node -> !node.name().equals(self.name()))
                .forEach(node -> key(node)
                        .ifPresent(key -> peers.put(
                                key,
                                WireGuardPeer.quiet(key, Optional.empty(), allowed(node, pods.get(node.name()))))));
        // What a peer's node may send by the tunnel it may send here: its own pods, as far as they are believed.
        neighbours.peers().forEach((key, node) -> {
            if (neighbours.serves(node.node().cluster())) {
                peers.putIfAbsent(key, WireGuardPeer.quiet(key, Optional.empty(), node.allowed()));
            }
        });
        return peers;
    }

    /** The node's ranges, selected pods outside them, and its end of the tunnel; never its own address. */
    private Set<Prefix> allowed(KubeNode node, List<IpAddress> outside) {
        var allowed = new HashSet<>(node.podCidrs());
        outside.stream()
                .filter(program.rows().sources()::containsKey)
                .forEach(address -> allowed.add(Prefix.host(address)));
        tunnelAddress(node).ifPresent(address -> allowed.add(Prefix.host(address)));
        allowed.removeIf(range -> node.internalIps().stream().anyMatch(range::contains));
        return allowed;
    }

    /** By which it asks this gateway. */
    private Optional<IpAddress> tunnelAddress(KubeNode node) {
        return IpAddress.tryParse(node.annotations().getOrDefault(MeshNode.TUNNEL_ADDRESS_ANNOTATION, ""))
                .filter(tunnel.range::contains);
    }

    private static Optional<WireGuardKey> key(KubeNode node) {
        return WireGuardKey.tryParse(node.annotations().get(MeshNode.PUBLIC_KEY_ANNOTATION));
    }

    private static Optional<IpAddress> underlay(KubeNode node) {
        return node.internalIps().stream()
                .filter(IpAddress::isV4)
                .findFirst()
                .or(() -> node.internalIps().stream().findFirst());
    }

    private static int tunnelPort(KubeNode node) {
        String text = node.annotations().getOrDefault(MeshNode.PORT_ANNOTATION, "");
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST_PORT - 2 * PORTS_AWAY
                ? Integer.parseInt(text)
                : MeshNode.DEFAULT_WIREGUARD_PORT;
    }
}
