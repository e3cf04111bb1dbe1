package dev.tombolo.apiserver.publish;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.reconciler.table.Table;

/** What is read from the Kubernetes API. */
public record KubeTables(
        Table<String, KubeNode> nodes,
        Table<ObjectKey, KubePod> pods,
        Table<String, KubeNamespace> namespaces,
        Table<ObjectKey, KubeService> services,
        Table<ObjectKey, KubeEndpointSlice> slices,
        Table<String, MeshIdentityObject> identities) {
    public static KubeTables empty() {
        return new KubeTables(
                new Table<>("kubernetes nodes"),
                new Table<>("pods"),
                new Table<>("namespaces"),
                new Table<>("kubernetes services"),
                new Table<>("endpoint slices"),
                new Table<>("mesh identities"));
    }
}
