package dev.tombolo.model.peer;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.service.MeshService;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is believed of one peer. Pure: the same answer for the same object, whatever came before it; quotas are
 * counted by the caller.
 *
 * @param forbidden ranges that are never accepted from this peer: our own pods, nodes, tunnel and services, and those of other peers
 */
public record PeerRules(PeerDeclaration peer, List<Prefix> forbidden) {
    public PeerRules {
        forbidden = List.copyOf(forbidden);
    }

    public Optional<Invalid> check(MeshNode node) {
        String where = "node " + node.id();
        if (!node.id().cluster().equals(peer.name())) {
            return refuse(where, Reason.WRONG_CLUSTER, node.id().cluster(), "cluster " + peer.name());
        }
        if (!node.clusterId().equals(peer.id())) {
            return refuse(where, Reason.ID_OUT_OF_RANGE, node.clusterId(), "cluster id " + peer.id());
        }
        return first(
                where,
                hosts(node.internalAddresses()),
                peer.nodeRanges(),
                hosts(node.tunnelAddresses()),
                peer.tunnelRanges(),
                node.podRanges(),
                peer.podRanges());
    }

    public Optional<Invalid> check(MeshEndpoint endpoint) {
        String where = "endpoint " + endpoint.prefix();
        var identity = endpoint.identity();
        if (!identity.isReserved() && !peer.numbering().belongsTo(identity, peer.id())) {
            return refuse(where, Reason.ID_OUT_OF_RANGE, identity, "an identity of cluster id " + peer.id());
        }
        var declared = java.util.stream.Stream.of(peer.podRanges(), peer.nodeRanges(), peer.tunnelRanges())
                .flatMap(List::stream)
                .toList();
        var host = endpoint.hostAddress().map(Prefix::host).map(List::of).orElse(List.of());
        return first(where, List.of(endpoint.prefix()), declared, host, peer.nodeRanges(), List.of(), List.of());
    }

    public Optional<Invalid> check(MeshService service) {
        String where = "service " + service.name() + " of " + service.cluster();
        if (!service.cluster().equals(peer.name())) {
            return refuse(where, Reason.WRONG_CLUSTER, service.cluster(), "cluster " + peer.name());
        }
        if (!service.clusterId().equals(peer.id())) {
            return refuse(where, Reason.ID_OUT_OF_RANGE, service.clusterId(), "cluster id " + peer.id());
        }
        var reachable = java.util.stream.Stream.of(peer.podRanges(), peer.nodeRanges(), peer.tunnelRanges())
                .flatMap(List::stream)
                .toList();
        var backends = service.backends().keySet().stream().map(Prefix::host).toList();
        return first(where, backends, reachable, List.of(), List.of(), List.of(), List.of());
    }

    public Optional<Invalid> check(SecurityIdentity identity, IdentityLabels labels) {
        String where = "identity " + identity;
        if (!peer.numbering().belongsTo(identity, peer.id())) {
            return refuse(where, Reason.ID_OUT_OF_RANGE, identity, "an identity of cluster id " + peer.id());
        }
        var cluster = labels.get(IdentityLabels.CLUSTER);
        return cluster.equals(Optional.of(peer.name().value()))
                ? Optional.empty()
                : refuse(where, Reason.WRONG_CLUSTER, cluster.orElse("no cluster label"), "cluster " + peer.name());
    }

    public Optional<Invalid> check(EgressMessage message) {
        return new EgressRules(this).check(message);
    }

    private Optional<Invalid> first(
            String where,
            List<Prefix> a,
            List<Prefix> declaredA,
            List<Prefix> b,
            List<Prefix> declaredB,
            List<Prefix> c,
            List<Prefix> declaredC) {
        return within(where, a, declaredA).or(() -> within(where, b, declaredB)).or(() -> within(where, c, declaredC));
    }

    Optional<Invalid> within(String where, List<Prefix> prefixes, List<Prefix> declared) {
        for (Prefix prefix : prefixes) {
            if (isNeverAccepted(prefix)) {
                return refuse(where, Reason.ADDRESS_FORBIDDEN, prefix, "no loopback, link-local or multicast address");
            }
            if (forbidden.stream().anyMatch(prefix::overlaps)) {
                return refuse(where, Reason.ADDRESS_IS_OURS, prefix, "no range of ours or of another peer");
            }
            if (declared.stream().noneMatch(range -> range.contains(prefix))) {
                return refuse(where, Reason.ADDRESS_NOT_DECLARED, prefix, "an address within " + declared);
            }
        }
        return Optional.empty();
    }

    private static boolean isNeverAccepted(Prefix prefix) {
        IpAddress address = prefix.address();
        return prefix.length() == 0
                || address.isLoopback()
                || address.isLinkLocal()
                || address.isMulticast()
                || address.isUnspecified();
    }

    private static List<Prefix> hosts(List<IpAddress> addresses) {
        return addresses.stream().map(Prefix::host).toList();
    }

    private static Optional<Invalid> refuse(String where, Reason reason, Object read, String expected) {
        return Optional.of(new Invalid(where, reason, String.valueOf(read), expected));
    }
}
