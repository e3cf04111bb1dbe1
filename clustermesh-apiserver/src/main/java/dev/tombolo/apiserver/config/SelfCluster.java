package dev.tombolo.apiserver.config;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;

/** Who this cluster is in the mesh. */
public record SelfCluster(ClusterName name, ClusterId id, MeshNumbering numbering, Prefix tunnelRange) {}
