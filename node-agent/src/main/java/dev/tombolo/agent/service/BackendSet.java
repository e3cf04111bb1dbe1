package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Clients;
import dev.tombolo.model.service.ClusterWeights;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The backends of one service port, in order and without repetition.
 *
 * @param active new connections are spread over these
 * @param draining kept for connections that exist; never chosen
 * @param dead the path to them does not answer; never chosen
 * @param clients who is served by them
 * @param weights of the clusters that active ones are in
 */
public record BackendSet(
        List<Backend> active, List<Backend> draining, List<Backend> dead, Clients clients, ClusterWeights weights) {
    /** Of a port of the cluster's own. */
    public BackendSet(List<Backend> active, List<Backend> draining, List<Backend> dead) {
        this(active, draining, dead, Clients.OF_CLUSTER, ClusterWeights.NONE);
    }

    public BackendSet {
        active = distinct(active);
        draining = distinct(draining);
        dead = distinct(dead);
    }

    BackendSet of(Clients clients, ClusterWeights weights) {
        return new BackendSet(active, draining, dead, clients, weights);
    }

    /** Two clusters can't share an address, so address and port decide. */
    private static List<Backend> distinct(Collection<Backend> backends) {
        var byEndpoint = new TreeMap<dev.tombolo.model.net.SocketEndpoint, Backend>();
        backends.forEach(backend -> byEndpoint.putIfAbsent(backend.endpoint(), backend));
        return List.copyOf(byEndpoint.values());
    }
}
