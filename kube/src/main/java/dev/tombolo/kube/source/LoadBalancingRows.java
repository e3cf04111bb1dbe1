package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.list;
import static dev.tombolo.kube.source.ObjectReading.text;

import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObservedCondition;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a Service says of its addresses for clients outside. */
final class LoadBalancingRows {
    private LoadBalancingRows() {}

    /** Nothing for a Service that has no such addresses and that none were ever given. */
    static LoadBalancing row(Service service, List<String> clusterIps) {
        var spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        var condition = condition(service.getStatus());
        if (!"LoadBalancer".equals(spec.getType()) && condition.isEmpty()) {
            return LoadBalancing.NONE;
        }
        var families = families(spec, clusterIps);
        Long generation = service.getMetadata().getGeneration();
        return new LoadBalancing(
                instant(service.getMetadata().getCreationTimestamp()),
                generation == null ? 0 : generation,
                present(spec.getLoadBalancerClass()),
                present(spec.getLoadBalancerIP()),
                families.contains("IPv4"),
                families.contains("IPv6"),
                "Local".equals(spec.getExternalTrafficPolicy()),
                hasHostname(service.getStatus()),
                condition);
    }

    /** Those of the cluster address, which Kubernetes fills in; a Service with one stack has the first. */
    private static List<String> families(ServiceSpec spec, List<String> clusterIps) {
        var named = list(spec.getIpFamilies());
        var families = named.isEmpty()
                ? clusterIps.stream()
                        .map(address -> address.contains(":") ? "IPv6" : "IPv4")
                        .toList()
                : named;
        return switch (text(spec.getIpFamilyPolicy())) {
            case "RequireDualStack" -> List.of("IPv4", "IPv6");
            case "PreferDualStack" -> families.isEmpty() ? List.of("IPv4") : families;
            default -> families.isEmpty() ? List.of("IPv4") : families.subList(0, 1);
        };
    }

    private static boolean hasHostname(ServiceStatus status) {
        return status != null
                && status.getLoadBalancer() != null
                && list(status.getLoadBalancer().getIngress()).stream()
                        .anyMatch(ingress -> !text(ingress.getHostname()).isEmpty());
    }

    private static Optional<ObservedCondition> condition(ServiceStatus status) {
        return status == null
                ? Optional.empty()
                : list(status.getConditions()).stream()
                        .filter(each -> LoadBalancing.CONDITION.equals(each.getType()))
                        .findFirst()
                        .map(LoadBalancingRows::read);
    }

    private static ObservedCondition read(Condition condition) {
        Long generation = condition.getObservedGeneration();
        return new ObservedCondition(
                condition.getType(),
                condition.getStatus(),
                generation == null ? 0 : generation,
                condition.getReason(),
                condition.getMessage(),
                instant(condition.getLastTransitionTime()));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text(text).strip()).filter(value -> !value.isEmpty());
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
