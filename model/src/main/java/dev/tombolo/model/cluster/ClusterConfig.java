package dev.tombolo.model.cluster;

/**
 * What a cluster says of itself at {@code cilium/cluster-config/<name>}, the mesh's only handshake.
 *
 * @param id 0 when absent, which readers refuse
 * @param syncedCanaries whether a reader must wait for the canary of a prefix before it lists it
 * @param cached whether this is a copy made by a mirror, so that data is under {@code cilium/cache}
 * @param maxConnectedClusters 255 or 511
 */
public record ClusterConfig(int id, boolean syncedCanaries, boolean cached, int maxConnectedClusters) {}
