package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.network.Topology;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a container may know of its pod, node and configuration: environment variables and the downward API. */
final class PodFields {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\(|\\$\\(([A-Za-z_][\\w.-]*)\\)");
    private final Topology.Node node;
    private final ClusterState state;
    private final Pod pod;
    private final List<String> podAddresses;

    PodFields(Topology.Node node, ClusterState state, Pod pod, List<String> podAddresses) {
        this.node = node;
        this.state = state;
        this.pod = pod;
        this.podAddresses = podAddresses;
    }

    Map<String, String> environment(Container container) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/var/lib/kubelet/programs");
        all.put("HOME", "/root");
        all.put("HOSTNAME", pod.getMetadata().getName());
        all.put("KUBERNETES_SERVICE_HOST", Topology.API_SERVICE_ADDRESS);
        all.put("KUBERNETES_SERVICE_PORT", "443");
        all.put("POD_NAME", pod.getMetadata().getName());
        all.put("NODE_NAME", node.name());
        all.put("CLUSTER_NAME", node.clusterName());
        for (EnvVar variable : container.getEnv()) {
            String value = variable.getValueFrom() == null
                    ? expand(Optional.ofNullable(variable.getValue()).orElse(""), all)
                    : value(variable.getValueFrom());
            all.put(variable.getName(), value);
        }
        return all;
    }

    static String expand(String text, Map<String, String> values) {
        return REFERENCE
                .matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(
                        m.group(1) == null ? "$(" : values.getOrDefault(m.group(1), m.group())));
    }

    private String value(EnvVarSource source) {
        if (source.getFieldRef() == null) {
            throw new IllegalArgumentException(
                    "of the sources of environment variables, only fieldRef is offered here");
        }
        return field(source.getFieldRef().getFieldPath());
    }

    private String field(String path) {
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> node.name();
            case "spec.serviceAccountName" ->
                Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
            case "status.podIP" -> podAddresses.getFirst();
            case "status.podIPs" -> String.join(",", podAddresses);
            case "status.hostIP" -> node.address();
            default -> throw new IllegalArgumentException("field path " + path + " is not offered here");
        };
    }

    Map<String, String> configMap(String name, Boolean optional) {
        ConfigMap map = state.configMap(pod.getMetadata().getNamespace(), name);
        if (map == null && !Boolean.TRUE.equals(optional)) {
            throw new IllegalArgumentException("configmap \"" + name + "\" not found");
        }
        return map == null || map.getData() == null ? Map.of() : map.getData();
    }

    Map<String, byte[]> secret(String name, Boolean optional) {
        Secret secret = state.secret(pod.getMetadata().getNamespace(), name);
        if (secret == null && !Boolean.TRUE.equals(optional)) {
            throw new IllegalArgumentException("secret \"" + name + "\" not found");
        }
        Map<String, byte[]> decoded = new HashMap<>();
        if (secret != null && secret.getData() != null) {
            secret.getData()
                    .forEach((k, v) -> decoded.put(k, Base64.getDecoder().decode(v)));
        }
        return decoded;
    }
}
