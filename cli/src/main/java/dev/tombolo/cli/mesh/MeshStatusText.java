package dev.tombolo.cli.mesh;

import dev.tombolo.cli.health.Health;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The status of the mesh in the shape that users of Cilium's command line know. */
final class MeshStatusText {
    private MeshStatusText() {}

    static String of(Health health) {
        var text = new StringBuilder();
        if (!health.meshEnabled()) {
            text.append("❌ The mesh is not enabled; run: tombolo clustermesh enable\n");
        } else if (health.endpoints().isEmpty()) {
            text.append("❌ No access information: the mesh API server has not said how it is reached\n");
        } else {
            text.append("✅ Service \"clustermesh-apiserver\" of type \"")
                    .append(health.serviceType())
                    .append("\" found\n");
            text.append("✅ Cluster access information is available:\n");
            health.endpoints()
                    .forEach(endpoint -> text.append("  - ")
                            .append(endpoint.replaceFirst("^https://", ""))
                            .append('\n'));
        }
        if (health.meshEnabled()) {
            text.append(
                    health.meshServerReady()
                            ? "✅ Deployment clustermesh-apiserver is ready\n"
                            : "❌ Deployment clustermesh-apiserver is not ready\n");
            text.append("ℹ️  KVStoreMesh is enabled\n");
        }
        text.append('\n').append(nodes(health)).append("\n🔌 ");
        if (health.clusters().isEmpty()) {
            text.append("No cluster connected\n");
        } else {
            text.append("Cluster Connections:\n");
            health.clusters()
                    .forEach(cluster -> text.append("  - ")
                            .append("%s: %d/%d connected - mesh server: %s - %d nodes, %d endpoints, %d services%n"
                                    .formatted(
                                            cluster.name(),
                                            cluster.connectedNodes(),
                                            health.nodes(),
                                            cluster.state(),
                                            cluster.remoteNodes(),
                                            cluster.endpoints(),
                                            cluster.services())));
        }
        text.append("\n🔀 Global services: ").append(health.globalServices()).append('\n');
        if (!health.problems().isEmpty()) {
            text.append("\n❌ ").append(health.problems().size()).append(" problems:\n");
            health.problems()
                    .forEach(problem -> text.append("  - ")
                            .append(problem.what())
                            .append("\n    💡 ")
                            .append(problem.fix())
                            .append('\n'));
        }
        return text.toString();
    }

    private static String nodes(Health health) {
        return health.readyNodes() == health.nodes() && health.nodes() > 0
                ? "✅ All " + health.nodes() + " nodes are ready\n"
                : "⚠️  " + (health.nodes() - health.readyNodes()) + "/" + health.nodes() + " nodes are not ready\n";
    }

    static Map<String, Object> document(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("healthy", health.isWell());
        document.put(
                "access_information", Map.of("service_type", health.serviceType(), "endpoints", health.endpoints()));
        document.put("nodes", health.nodes());
        document.put("ready_nodes", health.readyNodes());
        document.put("global_services", health.globalServices());
        var clusters = new LinkedHashMap<String, Object>();
        health.clusters().forEach(cluster -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("state", cluster.state());
            one.put("configured", health.nodes());
            one.put("connected", cluster.connectedNodes());
            one.put("nodes", cluster.remoteNodes());
            one.put("endpoints", cluster.endpoints());
            one.put("services", cluster.services());
            clusters.put(cluster.name(), one);
        });
        document.put("clusters", clusters);
        document.put(
                "problems",
                List.copyOf(health.problems().stream()
                        .map(problem -> Map.of("what", problem.what(), "fix", problem.fix()))
                        .toList()));
        return document;
    }
}
