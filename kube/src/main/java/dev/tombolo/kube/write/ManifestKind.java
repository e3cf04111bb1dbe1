package dev.tombolo.kube.write;

import dev.tombolo.kube.KubeException;
import dev.tombolo.kube.resource.CustomKinds;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.HashMap;
import java.util.Map;

/** The kinds that occur in manifests: known beforehand, so that applying needs no discovery. */
record ManifestKind(String apiVersion, String kind, String plural, boolean namespaced) {
    private static final Map<String, ManifestKind> KNOWN = new HashMap<>();

    static {
        cluster("v1", "Namespace", "namespaces");
        namespaced("v1", "ServiceAccount", "serviceaccounts");
        namespaced("v1", "ConfigMap", "configmaps");
        namespaced("v1", "Service", "services");
        namespaced("apps/v1", "DaemonSet", "daemonsets");
        namespaced("apps/v1", "Deployment", "deployments");
        cluster("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles");
        cluster("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings");
        namespaced("rbac.authorization.k8s.io/v1", "Role", "roles");
        namespaced("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings");
        cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions");
        cluster("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies");
        cluster(
                "admissionregistration.k8s.io/v1",
                "ValidatingAdmissionPolicyBinding",
                "validatingadmissionpolicybindings");
        CustomKinds.OWN.forEach(kind -> cluster(kind.apiVersion(), kind.kind(), kind.plural()));
    }

    static ManifestKind of(String apiVersion, String kind) throws KubeException {
        ManifestKind known = KNOWN.get(apiVersion + "/" + kind);
        if (known == null) {
            throw new KubeException(
                    "manifest holds " + kind + " of " + apiVersion + ", which is not applied here", 0, null);
        }
        return known;
    }

    ResourceDefinitionContext context() {
        int slash = apiVersion.indexOf('/');
        return new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    private static void cluster(String apiVersion, String kind, String plural) {
        KNOWN.put(apiVersion + "/" + kind, new ManifestKind(apiVersion, kind, plural, false));
    }

    private static void namespaced(String apiVersion, String kind, String plural) {
        KNOWN.put(apiVersion + "/" + kind, new ManifestKind(apiVersion, kind, plural, true));
    }
}
