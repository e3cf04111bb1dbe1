package dev.tombolo.deploy;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a person may choose at install.
 *
 * @param kvstoreLease as Micronaut reads durations, {@code 15m}
 * @param namespaces which of them take part in the mesh
 * @param mapSizes entries of eBPF maps by the word behind {@code maps.}, where the built-in size does not fit
 * @param agentHeap as Java reads sizes, {@code 256m}
 */
public record InstallOptions(
        ClusterName clusterName,
        ClusterId clusterId,
        MeshNumbering numbering,
        Prefix tunnelRange,
        String tunnelDevice,
        int tunnelPort,
        String kvstoreLease,
        String kvstoreHeartbeat,
        GlobalNamespaces namespaces,
        Services services,
        Map<String, Integer> mapSizes,
        String agentHeap,
        Cni cni,
        Image image) {
    public InstallOptions {
        mapSizes = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(mapSizes));
    }

    /** What services are served, and how packets of clients outside get to their backends. */
    public record Services(ServedServices served, ForwardingMode forwarding, Acceleration acceleration) {}

    /** Directories of every node. */
    public record Cni(String confDir, String binDir) {}

    /** The image of all containers. */
    public record Image(String repository, String version, String pullPolicy) {}

    /** By the keys of {@code --set}, in the order of the reference page; enough to make the same options again. */
    public Map<String, String> asSettings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(InstallSetting.CLUSTER_NAME.key(), clusterName.value());
        settings.put(InstallSetting.CLUSTER_ID.key(), clusterId.toString());
        settings.put(InstallSetting.MAX_CONNECTED_CLUSTERS.key(), Integer.toString(numbering.maxConnectedClusters()));
        settings.put(InstallSetting.TUNNEL_CIDR.key(), tunnelRange.toString());
        settings.put(InstallSetting.TUNNEL_DEVICE.key(), tunnelDevice);
        settings.put(InstallSetting.TUNNEL_PORT.key(), Integer.toString(tunnelPort));
        settings.put(InstallSetting.KVSTORE_LEASE.key(), kvstoreLease);
        settings.put(InstallSetting.KVSTORE_HEARTBEAT.key(), kvstoreHeartbeat);
        settings.put(InstallSetting.DEFAULT_GLOBAL_NAMESPACE.key(), Boolean.toString(namespaces.byDefault()));
        settings.put(
                InstallSetting.KUBE_PROXY_REPLACEMENT.key(), services.served().setting());
        settings.put(
                InstallSetting.LOAD_BALANCER_MODE.key(), services.forwarding().setting());
        settings.put(
                InstallSetting.LOAD_BALANCER_ACCELERATION.key(),
                services.acceleration().setting());
        mapSizes.forEach((word, entries) -> settings.put(InstallSetting.MAPS + word, entries.toString()));
        settings.put(InstallSetting.AGENT_HEAP.key(), agentHeap);
        settings.put(InstallSetting.CNI_CONF_DIR.key(), cni.confDir());
        settings.put(InstallSetting.CNI_BIN_DIR.key(), cni.binDir());
        settings.put(InstallSetting.IMAGE_REPOSITORY.key(), image.repository());
        settings.put(InstallSetting.IMAGE_VERSION.key(), image.version());
        settings.put(InstallSetting.IMAGE_PULL_POLICY.key(), image.pullPolicy());
        return settings;
    }
}
