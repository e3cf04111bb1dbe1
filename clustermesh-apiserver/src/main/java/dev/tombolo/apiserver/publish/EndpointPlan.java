package dev.tombolo.apiserver.publish;

import dev.tombolo.kube.object.KubePod;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which pod the mesh is told has an address. */
public final class EndpointPlan {
    /** What Cilium writes for "this traffic is in WireGuard". */
    private static final int WIREGUARD_KEY = 255;

    /** A pod that is going gives way to one that came with the same address; then the same answer every time. */
    private static final Comparator<KubePod> OWNER =
            Comparator.comparing(KubePod::terminating).thenComparing(KubePod::key);

    private EndpointPlan() {}

    /** The addresses that are this pod's own: a host-network pod has its node's, a finished one has given its back. */
    public static List<IpAddress> addresses(KubePod pod) {
        return pod.hostNetwork() || pod.phase().isOver() || pod.nodeName().isEmpty() ? List.of() : pod.podIps();
    }

    /** The one pod that has an address that several claim. */
    public static Optional<KubePod> owner(Collection<KubePod> claimants) {
        return claimants.stream().min(OWNER);
    }

    public static MeshEndpoint endpoint(
            IpAddress address, KubePod pod, Optional<IpAddress> nodeAddress, SecurityIdentity identity) {
        return new MeshEndpoint(
                Prefix.host(address),
                nodeAddress,
                identity,
                WIREGUARD_KEY,
                new MeshEndpoint.Pod(pod.key().namespace(), pod.key().name(), pod.uid(), pod.serviceAccount()),
                pod.ports().stream()
                        .map(port -> new MeshEndpoint.NamedPort(port.name(), port.port(), port.protocol()))
                        .toList());
    }
}
