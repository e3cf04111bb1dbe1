package dev.tombolo.kvstore.protocol;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterConfig;

/** {@code cilium/cluster-config/<cluster>}: lower camel case, empty fields left out. */
public final class ClusterConfigCodec {
    private static final int DEFAULT_WIDTH = 255;

    private ClusterConfigCodec() {}

    public static Value encode(ClusterConfig config) {
        var json = WireJson.object();
        json.put("id", config.id());
        var capabilities = json.putObject("capabilities");
        if (config.syncedCanaries()) {
            capabilities.put("syncedCanaries", true);
        }
        if (config.cached()) {
            capabilities.put("cached", true);
        }
        capabilities.put("maxConnectedClusters", config.maxConnectedClusters());
        // Present and false: the prefix is supported, and holds nothing because the feature is off.
        capabilities.put("serviceExportsEnabled", false);
        return WireJson.encode(json);
    }

    public static Decoded<ClusterConfig> decode(String key, Value value) {
        return WireJson.decode(key, value, json -> {
            var capabilities = json.get("capabilities");
            int width = (int) capabilities.get("maxConnectedClusters").number(0, 511);
            return new ClusterConfig(
                    (int) json.get("id").number(0, 511),
                    capabilities.get("syncedCanaries").flag(),
                    capabilities.get("cached").flag(),
                    width == 0 ? DEFAULT_WIDTH : width);
        });
    }
}
