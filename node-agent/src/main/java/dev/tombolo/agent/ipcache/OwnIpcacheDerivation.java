package dev.tombolo.agent.ipcache;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.OwnAddresses;
import dev.tombolo.agent.mesh.Refusals;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who each address of this cluster belongs to: this node, another of its nodes, or a pod as the mesh is told of it. What
 * its nodes and pods say of themselves is not believed where it is a declared peer's: the tunnel drops what such an
 * address sends, so one wrong node would cut off a pod of another cluster everywhere.
 */
public final class OwnIpcacheDerivation {
    private final OwnAddresses.Self self;
    private final Inputs inputs;
    private final Refusals refusals;
    private final Index<Prefix, String, KubeNode> byAddress;
    private final TreeSet<Prefix> nodeAddresses = new TreeSet<>();
    private final DeclaredRanges remote;

    /** What this cluster says of itself, and whose paths there are to others. */
    public record Inputs(
            Table<String, KubeNode> nodes,
            Table<Prefix, MeshEndpoint> endpoints,
            Table<ClusterName, PeerDeclaration> peers) {}

    /** The key of what is not believed. */
    private record Claim(Prefix ownAddress) {}

    private OwnIpcacheDerivation(OwnAddresses.Self self, Inputs inputs, Refusals refusals) {
        this.self = self;
        this.inputs = inputs;
        this.refusals = refusals;
        this.byAddress = new Index<>(inputs.nodes(), (_, node) -> addresses(node));
        this.remote = new DeclaredRanges(inputs.peers());
    }

    public static Derivation<Prefix, IpcacheEntry> start(
            OwnAddresses.Self self, Inputs inputs, Refusals refusals, Table<Prefix, IpcacheEntry> out) {
        var own = new OwnIpcacheDerivation(self, inputs, refusals);
        return Derivation.into(out)
                .from(inputs.endpoints(), Set::of)
                .from(inputs.nodes(), own::ofNode)
                .from(inputs.peers(), peer -> own.within(own.remote.update(peer)))
                .keys(own::rebuild)
                .row(own::row)
                .start();
    }

    private Set<Prefix> ofNode(String name) {
        var touched = byAddress.update(name);
        for (Prefix address : touched) {
            if (byAddress.keys(address).isEmpty()) {
                nodeAddresses.remove(address);
            } else {
                nodeAddresses.add(address);
            }
        }
        return touched;
    }

    /** The addresses of this cluster in these ranges, and no others: there may be very many. */
    private Set<Prefix> within(Collection<Prefix> ranges) {
        var prefixes = new HashSet<Prefix>();
        for (Prefix range : ranges) {
            nodeAddresses.tailSet(range).stream().takeWhile(range::contains).forEach(prefixes::add);
            var endpoints = inputs.endpoints().snapshot().from(range);
            while (endpoints.hasNext()) {
                var prefix = endpoints.next().getKey();
                if (!range.contains(prefix)) {
                    break;
                }
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }

    private Set<Prefix> rebuild() {
        remote.rebuild();
        nodeAddresses.clear();
        nodeAddresses.addAll(byAddress.rebuild());
        var prefixes = new HashSet<>(nodeAddresses);
        inputs.endpoints().snapshot().forEach(row -> prefixes.add(row.getKey()));
        return prefixes;
    }

    private Optional<IpcacheEntry> row(Prefix prefix) {
        var claimants = byAddress.keys(prefix);
        var believed = claimants.stream()
                .filter(node -> self.tunnelRange().contains(prefix) || isUnderlay(node, prefix))
                .collect(Collectors.toSet());
        var pod = inputs.endpoints().snapshot().get(prefix);
        var owner = remote.owner(prefix).filter(_ -> pod.isPresent() || !claimants.isEmpty());
        String where = claimants.isEmpty()
                ? "a pod of this cluster"
                : "node " + claimants.iterator().next();
        var refusal = owner.map(peer -> refusal(where, prefix, "no address in a range of cluster " + peer));
        if (refusal.isEmpty() && believed.size() < claimants.size()) {
            refusal = Optional.of(refusal(where, prefix, "a tunnel address within " + self.tunnelRange()));
        }
        refusals.note(new Claim(prefix), refusal);
        return owner.isPresent()
                ? Optional.empty()
                : node(believed).or(() -> pod.map(MeshEndpoint::identity)).map(this::entry);
    }

    private static Invalid refusal(String where, Prefix prefix, String expected) {
        return new Invalid(where, Invalid.Reason.ADDRESS_NOT_OURS, prefix.toString(), expected);
    }

    private IpcacheEntry entry(SecurityIdentity identity) {
        return new IpcacheEntry((int) identity.value(), 0, self.id().value(), IpcacheEntry.LOCAL);
    }

    /** As Cilium numbers them; a node's address is never a pod's, whatever a pod on its network says. */
    private Optional<SecurityIdentity> node(Set<String> claimants) {
        if (claimants.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(claimants.contains(self.node()) ? SecurityIdentity.HOST : SecurityIdentity.REMOTE_NODE);
    }

    private boolean isUnderlay(String node, Prefix prefix) {
        return inputs.nodes().snapshot().get(node).stream()
                .anyMatch(known -> underlay(known).contains(prefix));
    }

    private static Set<Prefix> underlay(KubeNode node) {
        var addresses = new HashSet<Prefix>();
        node.internalIps().forEach(address -> addresses.add(Prefix.host(address)));
        node.externalIps().forEach(address -> addresses.add(Prefix.host(address)));
        return addresses;
    }

    private static Set<Prefix> addresses(KubeNode node) {
        var addresses = new HashSet<>(underlay(node));
        Optional.ofNullable(node.annotations().get(MeshNode.TUNNEL_ADDRESS_ANNOTATION))
                .flatMap(IpAddress::tryParse)
                .ifPresent(address -> addresses.add(Prefix.host(address)));
        return addresses;
    }
}
