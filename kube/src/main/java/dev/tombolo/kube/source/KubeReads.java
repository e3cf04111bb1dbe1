package dev.tombolo.kube.source;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Rows read once, for a command that ends; what does not become a row is left out. */
public final class KubeReads {
    private static final Consumer<Invalid> LEFT_OUT = invalid -> {};
    private final KubernetesClient client;

    public KubeReads(KubernetesClient client) {
        this.client = client;
    }

    public List<KubeNode> nodes() throws IOException {
        var nodes =
                KubeCall.call("listing of nodes", () -> client.nodes().list().getItems());
        return nodes.stream()
                .flatMap(node -> NodeRows.row(node, LEFT_OUT).stream())
                .toList();
    }

    public List<KubeNamespace> namespaces() throws IOException {
        var namespaces = KubeCall.call(
                "listing of namespaces", () -> client.namespaces().list().getItems());
        return namespaces.stream()
                .flatMap(namespace -> NamespaceRows.row(namespace, LEFT_OUT).stream())
                .toList();
    }

    /** All pods that are not over, as egress policies see them. */
    public List<EgressPod> egressPods() throws IOException {
        var pods = KubeCall.call(
                "listing of pods", () -> client.pods().inAnyNamespace().list().getItems());
        return pods.stream()
                .flatMap(pod -> EgressPodRows.row(pod, LEFT_OUT).stream())
                .toList();
    }

    /** The pods of a namespace that have that label {@code app}. */
    public List<KubePod> pods(String namespace, String app) throws IOException {
        var pods = KubeCall.call(
                "listing of pods of " + app,
                () -> client.pods()
                        .inNamespace(namespace)
                        .withLabel("app", app)
                        .list()
                        .getItems());
        return pods.stream().flatMap(pod -> PodRows.row(pod, LEFT_OUT).stream()).toList();
    }

    public Optional<KubePod> pod(ObjectKey key) throws IOException {
        var pod = KubeCall.call(
                "reading Pod " + key,
                () -> client.pods()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(pod).flatMap(found -> PodRows.row(found, LEFT_OUT));
    }

    /** When a Lease was last renewed; empty where nobody has taken it yet. */
    public Optional<Instant> renewed(ObjectKey lease) throws IOException {
        var read = KubeCall.call(
                "reading Lease " + lease,
                () -> client.leases()
                        .inNamespace(lease.namespace())
                        .withName(lease.name())
                        .get());
        return Optional.ofNullable(read)
                .map(found -> found.getSpec().getRenewTime())
                .map(ZonedDateTime::toInstant);
    }

    public List<KubeService> services() throws IOException {
        var services = KubeCall.call(
                "listing of services",
                () -> client.services().inAnyNamespace().list().getItems());
        return services.stream()
                .flatMap(service -> ServiceRows.row(service, LEFT_OUT).stream())
                .toList();
    }

    public Optional<KubeService> service(ObjectKey key) throws IOException {
        var service = KubeCall.call(
                "reading Service " + key,
                () -> client.services()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get());
        return Optional.ofNullable(service).flatMap(found -> ServiceRows.row(found, LEFT_OUT));
    }

    public List<KubeEndpointSlice> endpointSlices() throws IOException {
        var slices = KubeCall.call(
                "listing of endpointslices",
                () -> client.discovery()
                        .v1()
                        .endpointSlices()
                        .inAnyNamespace()
                        .withLabel(SliceRows.SERVICE)
                        .list()
                        .getItems());
        return slices.stream()
                .flatMap(slice -> SliceRows.row(slice, LEFT_OUT).stream())
                .toList();
    }
}
