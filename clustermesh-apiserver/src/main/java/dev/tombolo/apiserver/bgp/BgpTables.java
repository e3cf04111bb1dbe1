package dev.tombolo.apiserver.bgp;

import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.source.BgpSources;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cilium's kinds for BGP, not initialized for as long as the API server does not have them.
 *
 * @param nodeConfigs what nodes say of their sessions
 */
public record BgpTables(
        Table<String, BgpClusterConfigObject> clusterConfigs,
        Table<String, BgpPeerConfigObject> peerConfigs,
        Table<String, BgpAdvertisementObject> advertisements,
        Table<String, BgpOverrideObject> overrides,
        Table<String, BgpNodeConfigObject> nodeConfigs) {
    public static BgpTables empty() {
        return new BgpTables(
                new Table<>("bgp cluster configs"),
                new Table<>("bgp peer configs"),
                new Table<>("bgp advertisements"),
                new Table<>("bgp overrides"),
                new Table<>("bgp node configs"));
    }

    public List<KubeSource> follow(BgpSources from, Consumer<Invalid> invalid) {
        return List.of(
                from.clusterConfigs(clusterConfigs, invalid),
                from.peerConfigs(peerConfigs, invalid),
                from.advertisements(advertisements, invalid),
                from.overrides(overrides, invalid),
                from.nodeConfigs(nodeConfigs, invalid));
    }

    List<Table<?, ?>> all() {
        return List.of(clusterConfigs, peerConfigs, advertisements, overrides, nodeConfigs);
    }

    /** Whether all of them have been read once. */
    boolean known() {
        return all().stream().allMatch(Table::initialized);
    }

    /** Whether nobody has declared anything, and no node says anything. */
    boolean isUnused() {
        return all().stream().allMatch(table -> table.snapshot().size() == 0);
    }
}
