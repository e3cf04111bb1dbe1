package dev.tombolo.agent.mesh;

import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.reconciler.table.Table;

/** What the mesh says, as decoded and before it is believed; afterwards the same tables hold what is believed. */
public record HeardTables(
        Table<NodeId, MeshNode> nodes,
        Table<RemotePrefix, MeshEndpoint> endpoints,
        Table<RemoteService, MeshService> services) {
    public static HeardTables named(String kind) {
        return new HeardTables(
                new Table<>(kind + " nodes"), new Table<>(kind + " endpoints"), new Table<>(kind + " services"));
    }

    void markInitialized() {
        nodes.markInitialized();
        endpoints.markInitialized();
        services.markInitialized();
    }
}
