package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.isTrue;
import static dev.tombolo.kube.source.ObjectReading.list;
import static dev.tombolo.kube.source.ObjectReading.map;
import static dev.tombolo.kube.source.ObjectReading.text;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeEndpointSlice.Family;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** EndpointSlices as rows. */
final class SliceRows {
    static final String SERVICE = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    private SliceRows() {}

    static Optional<KubeEndpointSlice> row(EndpointSlice slice, Consumer<Invalid> invalid) {
        var reading = new ObjectReading(slice, invalid);
        var labels = map(slice.getMetadata().getLabels());
        String service = labels.getOrDefault(SERVICE, "");
        return service.isEmpty()
                ? Optional.empty()
                : family(slice)
                        .map(family -> new KubeEndpointSlice(
                                ObjectReading.key(slice),
                                new ObjectKey(slice.getMetadata().getNamespace(), service),
                                family,
                                labels.getOrDefault(MANAGED_BY, ""),
                                labels,
                                list(slice.getEndpoints()).stream()
                                        .flatMap(endpoint -> endpoint(endpoint, reading).stream())
                                        .toList(),
                                list(slice.getPorts()).stream()
                                        .flatMap(port -> port(port, reading).stream())
                                        .toList()));
    }

    private static Optional<Family> family(EndpointSlice slice) {
        return switch (text(slice.getAddressType())) {
            case "IPv4" -> Optional.of(Family.IPV4);
            case "IPv6" -> Optional.of(Family.IPV6);
            default -> Optional.empty();
        };
    }

    private static Optional<KubeEndpointSlice.Endpoint> endpoint(Endpoint endpoint, ObjectReading reading) {
        var conditions = endpoint.getConditions() == null ? new EndpointConditions() : endpoint.getConditions();
        // An absent condition means ready; serving follows ready where it is absent (API documentation).
        boolean ready = !Boolean.FALSE.equals(conditions.getReady());
        boolean serving = conditions.getServing() == null ? ready : conditions.getServing();
        List<String> first = list(endpoint.getAddresses()).stream().limit(1).toList();
        return reading.addresses("endpoints.addresses", first).stream()
                .findFirst()
                .map(address -> new KubeEndpointSlice.Endpoint(
                        address,
                        ready,
                        serving,
                        isTrue(conditions.getTerminating()),
                        text(endpoint.getNodeName()),
                        text(endpoint.getZone()),
                        text(endpoint.getHostname()),
                        pod(endpoint),
                        hints(endpoint.getHints())));
    }

    /** An entry without a name is for nobody; they are only hints, so it is not worth a report. */
    private static KubeEndpointSlice.Hints hints(EndpointHints hints) {
        return hints == null
                ? KubeEndpointSlice.Hints.NONE
                : new KubeEndpointSlice.Hints(
                        names(list(hints.getForZones()), ForZone::getName),
                        names(list(hints.getForNodes()), ForNode::getName));
    }

    private static <T> Set<String> names(List<T> entries, Function<T, String> name) {
        return entries.stream()
                .filter(Objects::nonNull)
                .map(entry -> text(name.apply(entry)))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String pod(Endpoint endpoint) {
        var target = endpoint.getTargetRef();
        return target != null && "Pod".equals(target.getKind()) ? text(target.getName()) : "";
    }

    private static Optional<KubeEndpointSlice.Port> port(EndpointPort port, ObjectReading reading) {
        return port.getPort() == null
                ? Optional.empty()
                : reading.protocol("ports.protocol", port.getProtocol())
                        .map(protocol -> new KubeEndpointSlice.Port(text(port.getName()), protocol, port.getPort()));
    }
}
