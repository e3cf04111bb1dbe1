package dev.tombolo.cli.mesh;

import dev.tombolo.cli.health.Health;
import dev.tombolo.cli.output.Plural;

/** The status of the mesh in the shape that users of Cilium's command line know. */
final class MeshStatusText {
    private final Health health;
    private final StringBuilder text = new StringBuilder();

    private MeshStatusText(Health health) {
        this.health = health;
    }

    static String of(Health health) {
        return new MeshStatusText(health).write();
    }

    private String write() {
        if (health.meshServer().enabled()) {
            access();
            server();
            text.append('\n');
            connected();
            text.append('\n');
            clusters();
            text.append("\n🔀 Global services: [ %s ]\n".formatted(health.globalServices()));
        } else if (health.isWell()) {
            text.append("❌ The mesh is not enabled; run: tombolo clustermesh enable\n");
        }
        problems();
        return text.toString();
    }

    private void access() {
        var server = health.meshServer();
        if (server.endpoints().isEmpty()) {
            text.append("❌ No access information: the mesh API server has not said how it is reached\n");
            return;
        }
        text.append("✅ Service \"clustermesh-apiserver\" of type \"%s\" found\n".formatted(server.serviceType()));
        text.append("✅ Cluster access information is available:\n");
        server.endpoints()
                .forEach(endpoint -> text.append("  - ")
                        .append(endpoint.replaceFirst("^https://", ""))
                        .append('\n'));
    }

    private void server() {
        text.append(
                health.meshServer().ready()
                        ? "✅ Deployment clustermesh-apiserver is ready\n"
                        : "❌ Deployment clustermesh-apiserver is not ready\n");
        text.append("ℹ️  KVStoreMesh is enabled\n");
    }

    private void connected() {
        var nodes = health.nodes();
        String spread = "[" + health.connectedClusters() + "]\n";
        int missing = nodes.total() - nodes.fullyConnected();
        text.append(
                missing == 0
                        ? "✅ All " + Plural.of(nodes.total(), "node") + " are connected to all clusters " + spread
                        : "⚠️  " + missing + "/" + nodes.total() + " nodes are not connected to all clusters "
                                + spread);
        boolean reads = health.clusters().stream().allMatch(Health.Cluster::serverConnected);
        text.append(
                reads
                        ? "✅ KVStoreMesh is connected to all clusters\n"
                        : "⚠️  KVStoreMesh is not connected to all clusters\n");
    }

    private void clusters() {
        if (health.clusters().isEmpty()) {
            text.append("🔌 No cluster connected\n");
            return;
        }
        text.append("🔌 Cluster Connections:\n");
        health.clusters().forEach(this::cluster);
    }

    private void cluster(Health.Cluster cluster) {
        int nodes = health.nodes().total();
        text.append(
                "  - %s: %d/%d configured, %d/%d connected - KVStoreMesh: 1/1 configured, %d/1 connected - %s, %s, %s, %s\n"
                        .formatted(
                                cluster.name(),
                                cluster.configuredNodes(),
                                nodes,
                                cluster.connectedNodes(),
                                nodes,
                                cluster.serverConnected() ? 1 : 0,
                                cluster.state(),
                                Plural.of(cluster.remoteNodes(), "node"),
                                Plural.of(cluster.endpoints(), "endpoint"),
                                Plural.of(cluster.services(), "service")));
        if (cluster.paths().isWorthALine()) {
            text.append("    paths between nodes: ").append(cluster.paths()).append('\n');
        }
    }

    private void problems() {
        if (health.isWell()) {
            return;
        }
        text.append(text.isEmpty() ? "❌ " : "\n❌ ")
                .append(Plural.of(health.problems().size(), "problem"))
                .append(":\n");
        health.problems()
                .forEach(problem -> text.append("  - ")
                        .append(problem.what())
                        .append("\n    💡 ")
                        .append(problem.fix())
                        .append('\n'));
    }
}
