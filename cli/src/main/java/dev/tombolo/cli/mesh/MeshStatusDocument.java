package dev.tombolo.cli.mesh;

import dev.tombolo.cli.health.Health;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status of the mesh as a document; its keys are those of Cilium's, so that scripts find what they know. */
final class MeshStatusDocument {
    private MeshStatusDocument() {}

    static Map<String, Object> of(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("healthy", health.isWell());
        document.put("access_information", access(health));
        document.put("connectivity", connectivity(health));
        document.put("kvstoremesh", mirror(health));
        document.put("global_services", health.globalServices().document());
        document.put("problems", health.problemDocuments());
        return document;
    }

    private static Map<String, Object> access(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("cluster_name", health.clusterName());
        document.put("cluster_id", health.clusterId());
        document.put("service_type", health.meshServer().serviceType());
        document.put("endpoints", health.meshServer().endpoints());
        return document;
    }

    private static Map<String, Object> connectivity(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("connected", health.connectedClusters().document());
        var clusters = new LinkedHashMap<String, Object>();
        health.clusters().forEach(cluster -> clusters.put(cluster.name(), connections(cluster)));
        document.put("clusters", clusters);
        document.put("total", health.nodes().total());
        document.put("not_ready", health.nodes().total() - health.nodes().ready());
        return document;
    }

    private static Map<String, Object> connections(Health.Cluster cluster) {
        var document = new LinkedHashMap<String, Object>();
        document.put("configured", cluster.configuredNodes());
        document.put("connected", cluster.connectedNodes());
        document.put("paths", cluster.paths().document());
        return document;
    }

    private static Map<String, Object> mirror(Health health) {
        var document = new LinkedHashMap<String, Object>();
        document.put("enabled", health.meshServer().enabled());
        document.put("ready", health.meshServer().ready());
        var clusters = new LinkedHashMap<String, Object>();
        health.clusters().forEach(cluster -> clusters.put(cluster.name(), mirrored(cluster)));
        document.put("clusters", clusters);
        return document;
    }

    private static Map<String, Object> mirrored(Health.Cluster cluster) {
        var document = new LinkedHashMap<String, Object>();
        document.put("connected", cluster.serverConnected());
        document.put("state", cluster.state());
        document.put("nodes", cluster.remoteNodes());
        document.put("endpoints", cluster.endpoints());
        document.put("services", cluster.services());
        return document;
    }
}
