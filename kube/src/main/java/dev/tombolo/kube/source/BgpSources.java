package dev.tombolo.kube.source;

import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.kube.resource.BgpRows;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomKinds.Kind;
import dev.tombolo.kube.source.InformedTable.Presence;
import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Informers of Cilium's kinds for BGP. All are idle, and no error, for as long as the API server does not have the kind; it is
 * looked for at least twice a minute.
 */
public final class BgpSources {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private final KubernetesClient client;

    BgpSources(KubernetesClient client) {
        this.client = client;
    }

    public KubeSource clusterConfigs(Table<String, BgpClusterConfigObject> table, Consumer<Invalid> invalid) {
        return start(objects(CustomKinds.BGP_CLUSTER_CONFIG), table, BgpRows::clusterConfig, invalid);
    }

    public KubeSource peerConfigs(Table<String, BgpPeerConfigObject> table, Consumer<Invalid> invalid) {
        return start(objects(CustomKinds.BGP_PEER_CONFIG), table, BgpRows::peerConfig, invalid);
    }

    public KubeSource advertisements(Table<String, BgpAdvertisementObject> table, Consumer<Invalid> invalid) {
        return start(objects(CustomKinds.BGP_ADVERTISEMENT), table, BgpRows::advertisement, invalid);
    }

    public KubeSource overrides(Table<String, BgpOverrideObject> table, Consumer<Invalid> invalid) {
        return start(objects(CustomKinds.BGP_OVERRIDE), table, BgpRows::override, invalid);
    }

    /** The override of one node only. */
    public KubeSource overrideOf(String node, Table<String, BgpOverrideObject> table, Consumer<Invalid> invalid) {
        var one = client.genericKubernetesResources(CustomKinds.BGP_OVERRIDE.context())
                .withField("metadata.name", node);
        return start(one, table, BgpRows::override, invalid);
    }

    /** Those of all nodes, for whoever sums them up. */
    public KubeSource nodeConfigs(Table<String, BgpNodeConfigObject> table, Consumer<Invalid> invalid) {
        return start(objects(CustomKinds.BGP_NODE_CONFIG), table, BgpRows::nodeConfig, invalid);
    }

    /** The passwords of peers; none is read before {@link BgpSecrets#follow} says which. */
    public BgpSecrets secrets(String namespace, Table<String, BgpSecret> table) {
        return BgpSecrets.start(client, namespace, table, BETWEEN_LOOKS);
    }

    private Informable<GenericKubernetesResource> objects(Kind kind) {
        return client.genericKubernetesResources(kind.context());
    }

    private static <R> KubeSource start(
            Informable<GenericKubernetesResource> objects,
            Table<String, R> table,
            RowMapping<GenericKubernetesResource, R> mapping,
            Consumer<Invalid> invalid) {
        return InformedTable.start(
                objects, table, object -> object.getMetadata().getName(), mapping, invalid, Presence.OPTIONAL);
    }
}
