package dev.tombolo.cli.session;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.resource.CustomKinds;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/** What Cilium and its users put into a cluster. */
record CiliumObjects(KubernetesClient client) {
    /** As Cilium's operator labels them. */
    void defineKinds() {
        for (String kind : Manifests.CILIUM_KINDS) {
            String definition = Manifests.ciliumKind(kind)
                    .replace(Manifests.PART_OF + ": " + Manifests.TOMBOLO, "io.cilium.k8s.crd.schema.version: 1.31.8");
            client.resource(definition).create();
        }
    }

    void writePolicy(String name) {
        policies()
                .resource(Serialization.unmarshal("""
                        apiVersion: cilium.io/v2
                        kind: CiliumEgressGatewayPolicy
                        metadata: {name: %s}
                        spec:
                          selectors: [{podSelector: {}}]
                          destinationCIDRs: [198.51.100.0/24]
                          egressGateway: {nodeSelector: {matchLabels: {egress: 'true'}}}
                        """.formatted(name), GenericKubernetesResource.class))
                .create();
    }

    List<String> policyNames() {
        return policies().list().getItems().stream()
                .map(policy -> policy.getMetadata().getName())
                .toList();
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            policies() {
        return client.genericKubernetesResources(CustomKinds.EGRESS_POLICY.context());
    }
}
