package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/** The few defaults that controllers, the kubelet and kubectl rely on, and the addresses and ports of Services. */
final class Defaults {
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;

    private final ObjectStore store;
    private final ResourceKind services;
    private final long firstServiceAddress;
    private final long lastServiceAddress;

    Defaults(ObjectStore store, ResourceKind services, String serviceCidr) {
        this.store = store;
        this.services = services;
        String[] parts = serviceCidr.split("/");
        long base = bits(parts[0]);
        // The first ten are for services with addresses of their own, such as the API server's.
        this.firstServiceAddress = base + 11;
        this.lastServiceAddress = base + (1L << (32 - Integer.parseInt(parts[1]))) - 2;
    }

    void apply(ResourceKind kind, ObjectNode object) {
        switch (kind.resource()) {
            case "pods" -> podSpec(object.path("spec"));
            case "deployments.apps", "replicasets.apps" -> {
                ObjectNode spec = spec(object);
                putIfAbsent(spec, "replicas", 1);
                if (kind.plural().equals("deployments")) {
                    rollingUpdate(spec);
                }
                podSpec(spec.path("template").path("spec"));
            }
            case "daemonsets.apps" -> podSpec(spec(object).path("template").path("spec"));
            case "services" -> service(object);
            case "secrets" -> secret(object);
            case "namespaces" -> {
                object.withObject("/status").put("phase", Json.isTerminating(object) ? "Terminating" : "Active");
                Json.metadata(object).withObject("/labels").put("kubernetes.io/metadata.name", Json.name(object));
            }
            default -> {}
        }
    }

    private static void rollingUpdate(ObjectNode spec) {
        if (!spec.has("strategy")) {
            spec.putObject("strategy").put("type", "RollingUpdate");
        }
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
            text.properties().forEach(entry -> data.put(
                    entry.getKey(),
                    Base64.getEncoder().encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
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
        String type = spec.path("type").asText();
        if (type.equals("ExternalName")) {
            return;
        }
        allocate(service, spec, type);
    }

    private void allocate(ObjectNode service, ObjectNode spec, String type) {
        boolean needsAddress = spec.path("clusterIP").asText("").isEmpty();
        boolean needsPorts = !type.equals("ClusterIP") && missesNodePort(spec);
        if (needsAddress || needsPorts) {
            Set<String> addresses = new HashSet<>();
            Set<Integer> ports = new HashSet<>();
            store.list(services, "").items().stream()
                    .filter(other -> !Json.meta(other, "uid").equals(Json.meta(service, "uid")))
                    .forEach(other -> {
                        addresses.add(Json.at(other, "spec.clusterIP").asText());
                        other.path("spec").path("ports").forEach(port -> ports.add(port.path("nodePort").asInt(0)));
                    });
            if (needsAddress) {
                spec.put("clusterIP", freeAddress(addresses));
            }
            if (needsPorts) {
                spec.path("ports").forEach(port -> {
                    if (!port.hasNonNull("nodePort")) {
                        ((ObjectNode) port).put("nodePort", freePort(ports));
                    }
                });
            }
        }
        spec.putArray("clusterIPs").add(spec.path("clusterIP").asText());
        spec.putArray("ipFamilies").add("IPv4");
    }

    private static boolean missesNodePort(ObjectNode spec) {
        for (JsonNode port : spec.path("ports")) {
            if (!port.hasNonNull("nodePort")) {
                return true;
            }
        }
        return false;
    }

    private String freeAddress(Set<String> taken) {
        for (long candidate = firstServiceAddress; candidate <= lastServiceAddress; candidate++) {
            String text = "%d.%d.%d.%d"
                    .formatted(candidate >> 24, candidate >> 16 & 255, candidate >> 8 & 255, candidate & 255);
            if (!taken.contains(text)) {
                return text;
            }
        }
        throw ApiError.of(500, "InternalError", "the range of service addresses is full");
    }

    private static int freePort(Set<Integer> taken) {
        for (int candidate = FIRST_NODE_PORT; candidate <= LAST_NODE_PORT; candidate++) {
            if (taken.add(candidate)) {
                return candidate;
            }
        }
        throw ApiError.of(500, "InternalError", "the range of node ports is full");
    }

    private static long bits(String address) {
        long bits = 0;
        for (String octet : address.split("\\.")) {
            bits = bits << 8 | Integer.parseInt(octet);
        }
        return bits;
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
