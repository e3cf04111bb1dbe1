package dev.tombolo.kube.source;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomKinds.Kind;
import dev.tombolo.kube.resource.CustomObjects;
import dev.tombolo.kube.source.InformedTable.Presence;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.reconciler.table.Table;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Starts informers that fill tables. The table is marked initialized after the first complete list. An object that is
 * not understood has no row and goes to {@code invalid}; it never stops the rest. Each result stops its informer when
 * it is closed.
 */
public final class KubeSources {
    /** As many as other clients of Kubernetes ask for at a time. */
    private static final long PAGE = 500;

    private final KubernetesClient client;

    public KubeSources(KubernetesClient client) {
        this.client = client;
    }

    public KubeSource nodes(Table<String, KubeNode> table, Consumer<Invalid> invalid) {
        return start(client.nodes(), table, KubeSources::name, NodeRows::row, invalid);
    }

    /** All pods. */
    public KubeSource pods(Table<ObjectKey, KubePod> table, Consumer<Invalid> invalid) {
        return manyPods(table, new PodRowStore<>(PodRows::row, PodRows::shared, invalid), invalid);
    }

    /** Only the pods that run on one node. */
    public KubeSource podsOn(String node, Table<ObjectKey, KubePod> table, Consumer<Invalid> invalid) {
        var pods = client.pods().inAnyNamespace().withField("spec.nodeName", node);
        return start(pods, table, KubeSources::key, PodRows::row, invalid);
    }

    /** All pods that are not over, but only what egress policies need to know of them. */
    public KubeSource egressPods(Table<ObjectKey, EgressPod> table, Consumer<Invalid> invalid) {
        return manyPods(table, new PodRowStore<>(EgressPodRows::row, EgressPodRows::shared, invalid), invalid);
    }

    /** Never has many whole ones at a time. */
    private <R> KubeSource manyPods(Table<ObjectKey, R> table, PodRowStore<R> store, Consumer<Invalid> invalid) {
        return InformedTable.start(
                client.pods().inAnyNamespace().withLimit(PAGE),
                table,
                KubeSources::key,
                store::row,
                invalid,
                Presence.REQUIRED,
                informer -> informer.itemStore(store).removeNamespaceIndex());
    }

    public KubeSource namespaces(Table<String, KubeNamespace> table, Consumer<Invalid> invalid) {
        return start(client.namespaces(), table, KubeSources::name, NamespaceRows::row, invalid);
    }

    public KubeSource services(Table<ObjectKey, KubeService> table, Consumer<Invalid> invalid) {
        return start(client.services().inAnyNamespace(), table, KubeSources::key, ServiceRows::row, invalid);
    }

    public KubeSource endpointSlices(Table<ObjectKey, KubeEndpointSlice> table, Consumer<Invalid> invalid) {
        var slices = client.discovery().v1().endpointSlices().inAnyNamespace().withLabel(SliceRows.SERVICE);
        return start(slices, table, KubeSources::key, SliceRows::row, invalid);
    }

    public KubeSource meshPeers(Table<String, MeshPeerObject> table, Consumer<Invalid> invalid) {
        return start(custom(CustomKinds.MESH_PEER), table, KubeSources::name, CustomObjects::meshPeer, invalid);
    }

    /** Idle, and no error, for as long as the API server does not have the kind; it is looked for at least twice a minute. */
    public KubeSource egressPolicies(Table<String, EgressPolicyObject> table, Consumer<Invalid> invalid) {
        return InformedTable.start(
                custom(CustomKinds.EGRESS_POLICY),
                table,
                KubeSources::name,
                CustomObjects::egressPolicy,
                invalid,
                Presence.OPTIONAL);
    }

    /** Idle for as long as the API server does not have the kind, like {@link #egressPolicies}. */
    public KubeSource egressPools(Table<String, EgressPoolObject> table, Consumer<Invalid> invalid) {
        return InformedTable.start(
                custom(CustomKinds.EGRESS_POOL),
                table,
                KubeSources::name,
                CustomObjects::egressPool,
                invalid,
                Presence.OPTIONAL);
    }

    /** Idle for as long as the API server does not have the kind, like {@link #egressPolicies}. */
    public KubeSource addressPools(Table<String, AddressPoolObject> table, Consumer<Invalid> invalid) {
        return InformedTable.start(
                custom(CustomKinds.ADDRESS_POOL),
                table,
                KubeSources::name,
                CustomObjects::addressPool,
                invalid,
                Presence.OPTIONAL);
    }

    /** Those of Cilium's kinds for BGP. */
    public BgpSources bgp() {
        return new BgpSources(client);
    }

    public KubeSource clusterMesh(Table<String, ClusterMeshObject> table, Consumer<Invalid> invalid) {
        return start(custom(CustomKinds.CLUSTER_MESH), table, KubeSources::name, CustomObjects::clusterMesh, invalid);
    }

    public KubeSource meshNodes(Table<String, MeshNodeObject> table, Consumer<Invalid> invalid) {
        return start(custom(CustomKinds.MESH_NODE), table, KubeSources::name, CustomObjects::meshNode, invalid);
    }

    /** By the object's name, which is the identity in decimal. */
    public KubeSource meshIdentities(Table<String, MeshIdentityObject> table, Consumer<Invalid> invalid) {
        return start(custom(CustomKinds.MESH_IDENTITY), table, KubeSources::name, CustomObjects::meshIdentity, invalid);
    }

    private Informable<GenericKubernetesResource> custom(Kind kind) {
        return client.genericKubernetesResources(kind.context());
    }

    private static <T extends HasMetadata, K extends Comparable<? super K>, R> KubeSource start(
            Informable<T> objects,
            Table<K, R> table,
            Function<HasMetadata, K> key,
            RowMapping<T, R> mapping,
            Consumer<Invalid> invalid) {
        return InformedTable.start(objects, table, key, mapping, invalid, Presence.REQUIRED);
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static ObjectKey key(HasMetadata object) {
        return new ObjectKey(
                object.getMetadata().getNamespace(), object.getMetadata().getName());
    }
}
