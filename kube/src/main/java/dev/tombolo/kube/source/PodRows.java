package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.isTrue;
import static dev.tombolo.kube.source.ObjectReading.list;
import static dev.tombolo.kube.source.ObjectReading.map;
import static dev.tombolo.kube.source.ObjectReading.text;

import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Pods as rows. */
final class PodRows {
    private PodRows() {}

    static Optional<KubePod> row(Pod pod, Consumer<Invalid> invalid) {
        var reading = new ObjectReading(pod, invalid);
        var meta = pod.getMetadata();
        var spec = pod.getSpec() == null ? new PodSpec() : pod.getSpec();
        var status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        return Optional.of(new KubePod(
                ObjectReading.key(pod),
                text(meta.getUid()),
                map(meta.getLabels()),
                map(meta.getAnnotations()),
                text(spec.getServiceAccountName()),
                text(spec.getNodeName()),
                isTrue(spec.getHostNetwork()),
                reading.addresses("status.podIPs", podIps(status)),
                phase(status.getPhase()),
                ready(status),
                meta.getDeletionTimestamp() != null,
                list(spec.getContainers()).stream()
                        .flatMap(container -> ports(container, reading))
                        .toList(),
                list(spec.getContainers()).stream().map(Container::getName).toList()));
    }

    /** The same row with what it has in common with others. */
    static KubePod shared(KubePod row, Recurring recurring) {
        return new KubePod(
                new ObjectKey(recurring.of(row.key().namespace()), row.key().name()),
                row.uid(),
                recurring.of(row.labels()),
                recurring.of(row.annotations()),
                recurring.of(row.serviceAccount()),
                recurring.of(row.nodeName()),
                row.hostNetwork(),
                row.podIps(),
                row.phase(),
                row.ready(),
                row.terminating(),
                recurring.of(row.ports()),
                recurring.of(row.containers()));
    }

    private static List<String> podIps(PodStatus status) {
        var several = list(status.getPodIPs()).stream().map(PodIP::getIp).toList();
        boolean only = several.isEmpty() && !text(status.getPodIP()).isEmpty();
        return only ? List.of(status.getPodIP()) : several;
    }

    private static boolean ready(PodStatus status) {
        return list(status.getConditions()).stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static KubePod.Phase phase(String text) {
        return switch (text(text)) {
            case "Pending" -> KubePod.Phase.PENDING;
            case "Running" -> KubePod.Phase.RUNNING;
            case "Succeeded" -> KubePod.Phase.SUCCEEDED;
            case "Failed" -> KubePod.Phase.FAILED;
            default -> KubePod.Phase.UNKNOWN;
        };
    }

    private static Stream<KubePod.Port> ports(Container container, ObjectReading reading) {
        return list(container.getPorts()).stream()
                .filter(port -> port.getName() != null && port.getContainerPort() != null)
                .flatMap(port -> port(port, reading).stream());
    }

    private static Optional<KubePod.Port> port(ContainerPort port, ObjectReading reading) {
        return reading.protocol("spec.containers.ports.protocol", port.getProtocol())
                .map(protocol -> new KubePod.Port(port.getName(), port.getContainerPort(), protocol));
    }
}
