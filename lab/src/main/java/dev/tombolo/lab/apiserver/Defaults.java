package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The few defaults that controllers, the kubelet and kubectl rely on, and the addresses and ports of Services. */
final class Defaults {
    private final ServiceAddresses addresses;

    Defaults(ServiceAddresses addresses) {
        this.addresses = addresses;
    }

    void apply(ResourceKind kind, ObjectNode object) {
        switch (kind.resource()) {
            case "pods" -> podSpec(object.path("spec"));
            case "deployments.apps", "replicasets.apps" -> {
                ObjectNode spec = spec(object);
                putIfAbsent(spec, "replicas", 1);
                if (kind.plural().equals("deployments")) {
                    rollingUpdate(spec, "strategy");
                }
                podSpec(spec.path("template").path("spec"));
            }
            case "daemonsets.apps" -> {
                ObjectNode spec = spec(object);
                rollingUpdate(spec, "updateStrategy");
                podSpec(spec.path("template").path("spec"));
            }
            case "services" -> service(object);
            case "secrets" -> secret(object);
            case "namespaces" -> {
                object.withObject("/status").put("phase", Json.isTerminating(object) ? "Terminating" : "Active");
                Json.metadata(object).withObject("/labels").put("kubernetes.io/metadata.name", Json.name(object));
            }
            default -> {}
        }
    }

    /** {@code kubectl rollout status} asks for it. */
    private static void rollingUpdate(ObjectNode spec, String strategy) {
        putIfAbsent(spec.withObject("/" + strategy), "type", "RollingUpdate");
    }

    private static void podSpec(JsonNode node) {
        if (node instanceof ObjectNode spec) {
            putIfAbsent(spec, "restartPolicy", "Always");
            putIfAbsent(spec, "terminationGracePeriodSeconds", 30);
            spec.path("containers").forEach(Defaults::container);
        }
    }

    private static void container(JsonNode container) {
        container.path("ports").forEach(port -> {
            if (port instanceof ObjectNode object) {
                putIfAbsent(object, "protocol", "TCP");
            }
        });
    }

    private static void secret(ObjectNode secret) {
        putIfAbsent(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode text) {
            ObjectNode data = secret.withObject("/data");
            text.properties()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private void service(ObjectNode service) {
        ObjectNode spec = spec(service);
        putIfAbsent(spec, "type", "ClusterIP");
        putIfAbsent(spec, "sessionAffinity", "None");
        spec.path("ports").forEach(port -> {
            if (port instanceof ObjectNode object) {
                putIfAbsent(object, "protocol", "TCP");
                if (!object.has("targetPort")) {
                    object.set("targetPort", object.path("port"));
                }
            }
        });
        addresses.allocate(service);
    }

    private static ObjectNode spec(ObjectNode object) {
        return object.withObject("/spec");
    }

    private static void putIfAbsent(ObjectNode object, String name, String value) {
        if (!object.hasNonNull(name)) {
            object.put(name, value);
        }
    }

    private static void putIfAbsent(ObjectNode object, String name, int value) {
        if (!object.hasNonNull(name)) {
            object.put(name, value);
        }
    }
}
