package dev.tombolo.model.service;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * A shared global service as one cluster exports it.
 *
 * @param frontends cluster addresses, each with its ports by name; empty for a headless service
 * @param backends ready or serving addresses, each with its ports by name
 * @param hostnames host names of backends that have one
 */
public record MeshService(
        ClusterName cluster,
        ClusterId clusterId,
        ServiceName name,
        Map<IpAddress, Map<String, ServicePort>> frontends,
        Map<IpAddress, Map<String, ServicePort>> backends,
        Map<IpAddress, String> hostnames,
        Map<IpAddress, String> zones,
        Map<String, String> labels,
        Map<String, String> selector) {
    public MeshService {
        frontends = sorted(frontends);
        backends = sorted(backends);
        hostnames = sorted(hostnames);
        zones = sorted(zones);
        labels = sorted(labels);
        selector = sorted(selector);
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
        return java.util.Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
