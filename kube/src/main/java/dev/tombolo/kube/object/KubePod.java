package dev.tombolo.kube.object;

import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Pod.
 *
 * @param nodeName empty until it is scheduled
 * @param podIps empty until it has addresses; the node's own with {@code hostNetwork}
 * @param terminating it has been deleted and is being stopped
 * @param ports the named container ports
 */
public record KubePod(
        ObjectKey key,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        String serviceAccount,
        String nodeName,
        boolean hostNetwork,
        List<IpAddress> podIps,
        Phase phase,
        boolean ready,
        boolean terminating,
        List<Port> ports,
        List<String> containers) {
    public KubePod {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        podIps = List.copyOf(podIps);
        ports = List.copyOf(ports);
        containers = List.copyOf(containers);
    }

    /** As egress policies see it; empty once it is over and has given its addresses back. */
    public Optional<EgressPod> egressPod() {
        return phase.isOver()
                ? Optional.empty()
                : Optional.of(new EgressPod(
                        key.namespace(),
                        key.name(),
                        uid,
                        serviceAccount,
                        labels,
                        nodeName,
                        podIps,
                        hostNetwork,
                        terminating));
    }

    /** A pod's phase; {@code UNKNOWN} also for one that is not known here. */
    public enum Phase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNKNOWN;

        /** Its addresses are given back and may already be another pod's. */
        public boolean isOver() {
            return this == SUCCEEDED || this == FAILED;
        }
    }

    /** A container port with a name. */
    public record Port(String name, int port, Protocol protocol) {}
}
