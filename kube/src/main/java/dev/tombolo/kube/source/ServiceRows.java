package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.ObjectReading.isTrue;
import static dev.tombolo.kube.source.ObjectReading.list;
import static dev.tombolo.kube.source.ObjectReading.map;
import static dev.tombolo.kube.source.ObjectReading.text;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Services as rows. */
public final class ServiceRows {
    private static final String HEADLESS = "None";
    private static final int LAST_PORT = 65_535;
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

    private ServiceRows() {}

    public static Optional<KubeService> row(Service service, Consumer<Invalid> invalid) {
        var reading = new ObjectReading(service, invalid);
        var meta = service.getMetadata();
        var spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        var clusterIps = clusterIps(spec);
        boolean headless = clusterIps.contains(HEADLESS);
        return Optional.of(new KubeService(
                ObjectReading.key(service),
                text(meta.getUid()),
                map(meta.getLabels()),
                map(meta.getAnnotations()),
                type(spec.getType()),
                headless ? List.of() : reading.addresses("spec.clusterIPs", clusterIps),
                reading.addresses("status.loadBalancer", loadBalancerIps(service)),
                list(spec.getPorts()).stream()
                        .flatMap(port -> port(port, reading).stream())
                        .toList(),
                map(spec.getSelector()),
                headless,
                isTrue(spec.getPublishNotReadyAddresses()),
                affinitySeconds(spec),
                LoadBalancingRows.row(service, headless ? List.of() : clusterIps),
                outside(spec, reading),
                "Local".equals(spec.getInternalTrafficPolicy())));
    }

    private static OutsideAccess outside(ServiceSpec spec, ObjectReading reading) {
        var ranges = list(spec.getLoadBalancerSourceRanges());
        return new OutsideAccess(
                reading.addresses("spec.externalIPs", list(spec.getExternalIPs())),
                "Local".equals(spec.getExternalTrafficPolicy()),
                ranges.isEmpty()
                        ? Optional.empty()
                        : Optional.of(reading.prefixes("spec.loadBalancerSourceRanges", ranges)),
                healthCheckNodePort(spec, reading));
    }

    /** What is no port is as good as none: then load balancers get no answer here. */
    private static int healthCheckNodePort(ServiceSpec spec, ObjectReading reading) {
        Integer port = spec.getHealthCheckNodePort();
        if (port == null || port == 0) {
            return 0;
        }
        if (port < 1 || port > LAST_PORT) {
            reading.report("spec.healthCheckNodePort", port.toString(), "a port from 1 to " + LAST_PORT);
            return 0;
        }
        return port;
    }

    private static List<String> clusterIps(ServiceSpec spec) {
        var several = list(spec.getClusterIPs());
        boolean only = several.isEmpty() && !text(spec.getClusterIP()).isEmpty();
        return only ? List.of(spec.getClusterIP()) : several;
    }

    private static List<String> loadBalancerIps(Service service) {
        var status = service.getStatus();
        return status == null || status.getLoadBalancer() == null
                ? List.of()
                : list(status.getLoadBalancer().getIngress()).stream()
                        .map(LoadBalancerIngress::getIp)
                        .filter(ip -> ip != null)
                        .toList();
    }

    private static KubeService.Type type(String text) {
        return switch (text(text)) {
            case "NodePort" -> KubeService.Type.NODE_PORT;
            case "LoadBalancer" -> KubeService.Type.LOAD_BALANCER;
            case "ExternalName" -> KubeService.Type.EXTERNAL_NAME;
            default -> KubeService.Type.CLUSTER_IP;
        };
    }

    private static Optional<KubeService.Port> port(ServicePort port, ObjectReading reading) {
        return reading.protocol("spec.ports.protocol", port.getProtocol())
                .map(protocol -> new KubeService.Port(
                        text(port.getName()),
                        protocol,
                        port.getPort(),
                        target(port.getTargetPort(), port.getPort()),
                        port.getNodePort() == null ? 0 : port.getNodePort()));
    }

    private static String target(IntOrString target, int port) {
        Object value = target == null ? null : target.getValue();
        return value == null ? Integer.toString(port) : value.toString();
    }

    private static int affinitySeconds(ServiceSpec spec) {
        if (!"ClientIP".equals(spec.getSessionAffinity())) {
            return 0;
        }
        var config = spec.getSessionAffinityConfig();
        boolean said = config != null
                && config.getClientIP() != null
                && config.getClientIP().getTimeoutSeconds() != null;
        return said ? config.getClientIP().getTimeoutSeconds() : DEFAULT_AFFINITY_SECONDS;
    }
}
