package dev.tombolo.cli.health;

import dev.tombolo.cli.output.Plural;
import java.util.LinkedHashMap;
import java.util.Map;

/** The health of a cluster on one screen, the answer first. */
final class StatusText {
    private StatusText() {}

    static String of(Health health) {
        var text = new StringBuilder();
        text.append(
                        health.isWell()
                                ? "✅ All is well"
                                : "❌ " + Plural.of(health.problems().size(), "problem"))
                .append('\n');
        if (health.nodes().total() > 0 || health.meshServer().enabled()) {
            text.append('\n');
            facts(health, text);
        }
        health.problems()
                .forEach(problem -> text.append("\n❌ ")
                        .append(problem.what())
                        .append("\n   💡 ")
                        .append(problem.fix())
                        .append('\n'));
        return text.toString();
    }

    private static void facts(Health health, StringBuilder text) {
        if (!health.clusterName().isEmpty()) {
            text.append("Cluster   %s (id %d)%n".formatted(health.clusterName(), health.clusterId()));
        }
        text.append("Agents    %d of %d ready"
                .formatted(health.nodes().ready(), health.nodes().total()));
        text.append(health.version().isEmpty() ? "\n" : ", version " + health.version() + "\n");
        text.append("Mesh      ").append(mesh(health.meshServer())).append('\n');
        text.append("Services  ").append(health.globalServices().max()).append(" global\n");
        health.clusters().forEach(cluster -> text.append(peer(cluster)).append('\n'));
        health.bgp().ifPresent(bgp -> text.append(sessions(bgp)).append('\n'));
    }

    private static String mesh(Health.MeshServer server) {
        if (!server.enabled()) {
            return "not enabled; tombolo clustermesh enable lets other clusters connect";
        }
        return server.ready() ? "ready" : "not ready";
    }

    private static String peer(Health.Cluster cluster) {
        return "Peer      " + cluster.name() + ": " + cluster.state() + ", "
                + Plural.of(cluster.remoteNodes(), "node") + ", " + Plural.of(cluster.endpoints(), "endpoint") + ", "
                + Plural.of(cluster.services(), "service")
                + (cluster.paths().isWorthALine() ? "; paths: " + cluster.paths() : "");
    }

    private static String sessions(Health.Bgp bgp) {
        return "BGP       " + bgp.established() + " of " + Plural.of(bgp.sessions(), "session") + " established on "
                + Plural.of(bgp.nodes(), "node");
    }

    static Map<String, Object> document(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("healthy", health.isWell());
        document.put("cluster", health.clusterName());
        document.put("id", health.clusterId());
        document.put("version", health.version());
        document.put("nodes", health.nodes().total());
        document.put("ready_nodes", health.nodes().ready());
        document.put("mesh_enabled", health.meshServer().enabled());
        document.put("mesh_server_ready", health.meshServer().ready());
        document.put("global_services", health.globalServices().max());
        document.put(
                "peers", health.clusters().stream().map(StatusText::document).toList());
        health.bgp().ifPresent(bgp -> document.put("bgp", document(bgp)));
        document.put("problems", health.problemDocuments());
        return document;
    }

    private static Map<String, Object> document(Health.Bgp bgp) {
        var document = new LinkedHashMap<String, Object>();
        document.put("nodes", bgp.nodes());
        document.put("sessions", bgp.sessions());
        document.put("established", bgp.established());
        return document;
    }

    private static Map<String, Object> document(Health.Cluster cluster) {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", cluster.name());
        document.put("state", cluster.state());
        document.put("nodes", cluster.remoteNodes());
        document.put("endpoints", cluster.endpoints());
        document.put("services", cluster.services());
        document.put("paths", cluster.paths().document());
        return document;
    }
}
