package dev.tombolo.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The manifests as text, with options filled in. The same for a real cluster, the lab and {@code kubectl apply}. */
public final class Manifests {
    public static final String NAMESPACE = "tombolo-system";
    /** Where an agent is in its pod. */
    public static final String AGENT_CONTAINER = "agent";

    public static final String AGENT = "tombolo-agent";
    /** In the container, also for commands that ask the agent that runs there. */
    public static final String AGENT_PROGRAM = "/opt/tombolo/bin/node-agent";

    public static final String TUNNEL = "tombolo-wireguard";
    public static final String BGP = "tombolo-bgp";
    public static final String APISERVER = "clustermesh-apiserver";
    public static final String CLEANUP = "tombolo-cleanup";
    public static final String CONFIG = "tombolo-config";

    public static final String CILIUM_POLICIES = "ciliumegressgatewaypolicies.cilium.io";
    public static final String CILIUM_POOLS = "ciliumloadbalancerippools.cilium.io";

    /** The last one is written by agents only. */
    public static final List<String> CILIUM_BGP_KINDS = List.of(
            "ciliumbgpclusterconfigs.cilium.io",
            "ciliumbgppeerconfigs.cilium.io",
            "ciliumbgpadvertisements.cilium.io",
            "ciliumbgpnodeconfigoverrides.cilium.io",
            "ciliumbgpnodeconfigs.cilium.io");

    /** The names of the definitions in {@link #ciliumKinds}. */
    public static final List<String> CILIUM_KINDS = Stream.concat(
                    Stream.of(CILIUM_POLICIES, CILIUM_POOLS), CILIUM_BGP_KINDS.stream())
            .toList();

    /** The label of everything that is ours, and its value. */
    public static final String PART_OF = "app.kubernetes.io/part-of";

    public static final String TOMBOLO = "tombolo";

    /** The key of the ConfigMap that holds the chosen settings. */
    public static final String OPTIONS_KEY = "options";

    private static final int NODE_PORT = 32_379;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z.-]+)}");

    private Manifests() {}

    /** How the mesh's etcd is reached from other clusters; the names are Kubernetes' own. */
    public enum ServiceType {
        NodePort,
        LoadBalancer,
        ClusterIP
    }

    public static String customResourceDefinitions() {
        return resource("crds.yaml");
    }

    /** Cilium's kinds as we serve them, for clusters whose CNI is not Cilium. */
    public static String ciliumKinds() {
        return resource("cilium-kinds.yaml") + "---\n" + resource("cilium-bgp-kinds.yaml");
    }

    /** One of them: Cilium may have defined some and not others. */
    public static String ciliumKind(String name) {
        return Arrays.stream(ciliumKinds().split("(?m)^---\n"))
                .filter(document -> document.contains("\n  name: " + name + "\n"))
                .findFirst()
                .orElseThrow();
    }

    /** Everything but the kinds: namespace, account, configuration, agents. */
    public static String agent(InstallOptions options) {
        return filled("agent.yaml", options, Map.of());
    }

    /** Keeps agents from each other's Nodes; only for an API server that has the kind. */
    public static String ownNodePolicy() {
        return resource("own-node.yaml");
    }

    /** The mesh's API server and the ClusterMesh object. */
    public static String mesh(InstallOptions options, ServiceType type) {
        String nodePort = type == ServiceType.NodePort ? "      nodePort: " + NODE_PORT + "\n" : "";
        return filled("mesh.yaml", options, Map.of("service-type", type.name(), "node-port", nodePort));
    }

    /** A DaemonSet that cleans nodes. */
    public static String cleanup(InstallOptions options) {
        return filled("cleanup.yaml", options, Map.of());
    }

    /** The settings as the ConfigMap keeps them, and back. */
    public static Map<String, String> settings(String kept) {
        var settings = new TreeMap<String, String>();
        kept.lines().filter(line -> line.indexOf('=') > 0).forEach(line -> {
            int equals = line.indexOf('=');
            settings.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        });
        return settings;
    }

    private static String filled(String name, InstallOptions options, Map<String, String> more) {
        var values = new LinkedHashMap<>(options.asSettings());
        values.put("options", kept(options));
        // Pods are replaced when their configuration changes, because it is only read at start.
        values.put("configuration", Integer.toHexString(kept(options).hashCode()));
        values.put("map-sizes", mapSizes(options));
        values.putAll(more);
        // A placeholder alone on its line stands for whole lines, perhaps none.
        String text = resource(name);
        for (String lines : new String[] {"options", "node-port", "map-sizes"}) {
            text = text.replace("${" + lines + "}\n", values.getOrDefault(lines, ""));
        }
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(known(values, match.group(1))));
    }

    private static String known(Map<String, String> values, String name) {
        if (!values.containsKey(name)) {
            throw new IllegalStateException("manifest names ${" + name + "}, which is no setting");
        }
        return values.get(name);
    }

    private static String mapSizes(InstallOptions options) {
        String lines = options.mapSizes().entrySet().stream()
                .map(size -> "        " + size.getKey() + ": " + size.getValue() + "\n")
                .collect(Collectors.joining());
        return lines.isEmpty() ? "" : "      maps:\n" + lines;
    }

    private static String kept(InstallOptions options) {
        return options.asSettings().entrySet().stream()
                .map(setting -> "    " + setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream in = Manifests.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
