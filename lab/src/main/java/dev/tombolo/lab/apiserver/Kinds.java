package dev.tombolo.lab.apiserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The kinds served now: those built in, and those that CRDs add. Thread-safe. */
final class Kinds {
    static final ResourceKind CRD = cluster(
            "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", true, "crd", "crds");
    static final ResourceKind NAMESPACE = cluster("", "v1", "namespaces", "Namespace", true, "ns");
    static final ResourceKind SERVICE = workload("", "services", "Service", false, "svc");
    private static final List<ResourceKind> BUILT_IN = List.of(
            NAMESPACE,
            CRD,
            cluster("", "v1", "nodes", "Node", true, "no"),
            workload("", "pods", "Pod", false, "po"),
            SERVICE,
            stored("", "v1", "configmaps", "ConfigMap", "cm"),
            stored("", "v1", "secrets", "Secret"),
            stored("", "v1", "serviceaccounts", "ServiceAccount", "sa"),
            stored("", "v1", "events", "Event", "ev"),
            workload("apps", "deployments", "Deployment", true, "deploy"),
            workload("apps", "replicasets", "ReplicaSet", true, "rs"),
            workload("apps", "daemonsets", "DaemonSet", false, "ds"),
            stored("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
            stored("coordination.k8s.io", "v1", "leases", "Lease"),
            stored("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol"),
            stored("rbac.authorization.k8s.io", "v1", "roles", "Role"),
            stored("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
            cluster("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false),
            cluster("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false),
            cluster(
                    "admissionregistration.k8s.io",
                    "v1",
                    "validatingadmissionpolicies",
                    "ValidatingAdmissionPolicy",
                    false),
            cluster(
                    "admissionregistration.k8s.io",
                    "v1",
                    "validatingadmissionpolicybindings",
                    "ValidatingAdmissionPolicyBinding",
                    false));

    private final Map<String, ResourceKind> byResource = new ConcurrentSkipListMap<>();

    Kinds() {
        BUILT_IN.forEach(this::add);
    }

    private static ResourceKind cluster(
            String group, String version, String plural, String kind, boolean hasStatus, String... shortNames) {
        return new ResourceKind(
                group,
                version,
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                kind,
                false,
                List.of(shortNames),
                List.of(),
                hasStatus,
                false);
    }

    private static ResourceKind stored(String group, String version, String plural, String kind, String... shortNames) {
        return new ResourceKind(
                group,
                version,
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                kind,
                true,
                List.of(shortNames),
                List.of(),
                false,
                false);
    }

    private static ResourceKind workload(
            String group, String plural, String kind, boolean hasScale, String... shortNames) {
        return new ResourceKind(
                group,
                "v1",
                plural,
                kind.toLowerCase(java.util.Locale.ROOT),
                kind,
                true,
                List.of(shortNames),
                List.of("all"),
                true,
                hasScale);
    }

    void add(ResourceKind kind) {
        byResource.put(kind.resource(), kind);
    }

    void remove(ResourceKind kind) {
        byResource.remove(kind.resource());
    }

    boolean isBuiltIn(ResourceKind kind) {
        return BUILT_IN.contains(kind);
    }

    /** The kind of {@code deployments.apps}. */
    Optional<ResourceKind> named(String resource) {
        return Optional.ofNullable(byResource.get(resource));
    }

    List<ResourceKind> all() {
        return new ArrayList<>(byResource.values());
    }

    List<ResourceKind> of(String group, String version) {
        return all().stream()
                .filter(kind -> kind.group().equals(group) && kind.version().equals(version))
                .toList();
    }

    Optional<ResourceKind> find(String group, String version, String plural) {
        return of(group, version).stream()
                .filter(kind -> kind.plural().equals(plural))
                .findFirst();
    }
}
