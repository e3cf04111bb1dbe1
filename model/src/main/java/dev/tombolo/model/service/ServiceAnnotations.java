package dev.tombolo.model.service;

import dev.tombolo.model.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the annotations of a Service say about its part in the mesh. A value that is not understood counts as absent
 * and is reported, so that a typing error never takes backends away.
 *
 * @param shared whether other clusters may use its backends; never true unless global
 * @param forwarding how packets of clients outside get to its backends, where it is not as with all services
 * @param weights how new connections are spread over clusters
 */
public record ServiceAnnotations(
        boolean global,
        boolean shared,
        Affinity affinity,
        Optional<ForwardingMode> forwarding,
        ClusterWeights weights,
        List<Invalid> invalid) {
    public static final String GLOBAL = "service.cilium.io/global";
    public static final String SHARED = "service.cilium.io/shared";
    public static final String AFFINITY = "service.cilium.io/affinity";
    public static final String FORWARDING = "service.cilium.io/forwarding-mode";
    private static final Map<String, String> OLD_NAMES = Map.of(
            GLOBAL,
            "io.cilium/global-service",
            SHARED,
            "io.cilium/shared-service",
            AFFINITY,
            "io.cilium/service-affinity");

    public ServiceAnnotations {
        invalid = List.copyOf(invalid);
    }

    public static ServiceAnnotations parse(ServiceName service, Map<String, String> annotations) {
        var invalid = new ArrayList<Invalid>();
        boolean global = flag(service, annotations, GLOBAL, false, invalid);
        boolean shared = flag(service, annotations, SHARED, true, invalid);
        Affinity affinity = affinity(service, annotations, invalid);
        var forwarding = forwarding(service, annotations, invalid);
        var weights = weights(service, annotations, invalid);
        return new ServiceAnnotations(global, global && shared, affinity, forwarding, weights, invalid);
    }

    private static Optional<ForwardingMode> forwarding(
            ServiceName service, Map<String, String> annotations, List<Invalid> invalid) {
        var value = value(annotations, FORWARDING);
        var mode = value.flatMap(ForwardingMode::tryParse);
        if (value.isPresent() && mode.isEmpty()) {
            invalid.add(refused(service, FORWARDING, value.get(), ForwardingMode.EXPECTED));
        }
        return mode;
    }

    private static boolean flag(
            ServiceName service, Map<String, String> annotations, String name, boolean absent, List<Invalid> invalid) {
        var value = value(annotations, name);
        if (value.isEmpty()) {
            return absent;
        }
        return switch (value.get()) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                invalid.add(refused(service, name, value.get(), "true or false"));
                yield absent;
            }
        };
    }

    private static Affinity affinity(ServiceName service, Map<String, String> annotations, List<Invalid> invalid) {
        var value = value(annotations, AFFINITY);
        return switch (value.orElse("none")) {
            case "none" -> Affinity.NONE;
            case "local" -> Affinity.LOCAL;
            case "remote" -> Affinity.REMOTE;
            default -> {
                invalid.add(refused(service, AFFINITY, value.get(), "local, remote or none"));
                yield Affinity.NONE;
            }
        };
    }

    private static ClusterWeights weights(ServiceName service, Map<String, String> annotations, List<Invalid> invalid) {
        var value = value(annotations, ClusterWeights.ANNOTATION);
        var read = value.map(ClusterWeights::tryParse).orElse(Optional.of(ClusterWeights.NONE));
        return read.orElseGet(() -> {
            invalid.add(refused(service, ClusterWeights.ANNOTATION, value.get(), ClusterWeights.EXPECTED));
            return ClusterWeights.NONE;
        });
    }

    private static Optional<String> value(Map<String, String> annotations, String name) {
        String value = annotations.getOrDefault(name, annotations.get(OLD_NAMES.getOrDefault(name, name)));
        return Optional.ofNullable(value).map(text -> text.strip().toLowerCase(Locale.ROOT));
    }

    private static Invalid refused(ServiceName service, String annotation, String read, String expected) {
        return new Invalid(
                "Service " + service + " annotation " + annotation, Invalid.Reason.BAD_ANNOTATION, read, expected);
    }
}
