package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/** What the product's accounts asked of a lab's API server, which records it, beside what their roles allow. */
final class RecordedRoles {
    /** Allowed although a mesh that nothing happens to does not ask for it, each with its occasion. */
    static final Set<String> SELDOM = Set.of(
            // An identity that no pod has used for a while.
            "delete meshidentities.tombolo.dev",
            // An event that is repeated.
            "get events",
            "create events",
            "patch events",
            // The first egress policy: before it an agent has no use for pods, nor for pools of addresses.
            "list pods",
            "watch pods",
            "list egressippools.tombolo.dev",
            "watch egressippools.tombolo.dev",
            // An egress policy whose state changed.
            "get ciliumegressgatewaypolicies.cilium.io",
            "patch ciliumegressgatewaypolicies.cilium.io/status",
            // A pool of egress addresses whose state changed.
            "get egressippools.tombolo.dev",
            "patch egressippools.tombolo.dev/status",
            // A service of type LoadBalancer, and a pool that gives it an address.
            "get services",
            "patch services/status",
            "get ciliumloadbalancerippools.cilium.io",
            "patch ciliumloadbalancerippools.cilium.io/status",
            // Routers that somebody has configured.
            "get ciliumbgpclusterconfigs.cilium.io",
            "list ciliumbgpclusterconfigs.cilium.io",
            "watch ciliumbgpclusterconfigs.cilium.io",
            "patch ciliumbgpclusterconfigs.cilium.io/status",
            "get ciliumbgppeerconfigs.cilium.io",
            "list ciliumbgppeerconfigs.cilium.io",
            "watch ciliumbgppeerconfigs.cilium.io",
            "patch ciliumbgppeerconfigs.cilium.io/status",
            "get ciliumbgpadvertisements.cilium.io",
            "list ciliumbgpadvertisements.cilium.io",
            "watch ciliumbgpadvertisements.cilium.io",
            "patch ciliumbgpadvertisements.cilium.io/status",
            "get ciliumbgpnodeconfigoverrides.cilium.io",
            "list ciliumbgpnodeconfigoverrides.cilium.io",
            "watch ciliumbgpnodeconfigoverrides.cilium.io",
            "patch ciliumbgpnodeconfigoverrides.cilium.io/status",
            "get ciliumbgpnodeconfigs.cilium.io",
            "list ciliumbgpnodeconfigs.cilium.io",
            "watch ciliumbgpnodeconfigs.cilium.io",
            "create ciliumbgpnodeconfigs.cilium.io",
            "patch ciliumbgpnodeconfigs.cilium.io",
            "delete ciliumbgpnodeconfigs.cilium.io",
            "patch ciliumbgpnodeconfigs.cilium.io/status",
            // A certificate that is renewed.
            "get secrets",
            "patch secrets",
            "update secrets");

    private final MeshLab lab;
    private final int cluster;
    private final JsonNode roles;

    RecordedRoles(MeshLab lab, int cluster) {
        this.lab = lab;
        this.cluster = cluster;
        this.roles = lab.get(cluster, "clusterroles,roles", "-A").path("items");
    }

    /** Verb, resource and scope: a namespace or {@code cluster}. */
    Set<String> asked(String account) {
        String prefix = "system:serviceaccount:" + MeshLab.SYSTEM + ":" + account + " ";
        var asked = new TreeSet<String>();
        for (JsonNode request : MeshLab.json(lab.programs.kubectl(cluster, "get", "--raw", "/lab/requests"))
                .path("requests")) {
            if (request.asText().startsWith(prefix)) {
                asked.add(request.asText().substring(prefix.length()));
            }
        }
        return asked;
    }

    boolean allows(String account, String asked) {
        String[] words = asked.split(" ");
        return granted(account, "ClusterRole", "").contains(words[0] + " " + words[1])
                || granted(account, "Role", words[2]).contains(words[0] + " " + words[1]);
    }

    /** Allowed and never asked for. */
    Set<String> unused(String account) {
        var unused = granted(account, "ClusterRole", "");
        unused.addAll(granted(account, "Role", MeshLab.SYSTEM));
        unused.addAll(granted(account, "Role", "kube-system"));
        for (String asked : asked(account)) {
            unused.remove(asked.substring(0, asked.lastIndexOf(' ')));
        }
        return unused;
    }

    /** @param namespace empty for those of the whole cluster */
    private Set<String> granted(String account, String kind, String namespace) {
        var granted = new TreeSet<String>();
        for (JsonNode role : roles) {
            if (role.path("kind").asText().equals(kind)
                    && role.at("/metadata/namespace").asText().equals(namespace)
                    && role.at("/metadata/name").asText().equals(account)) {
                for (JsonNode rule : role.path("rules")) {
                    String group = rule.path("apiGroups").path(0).asText();
                    for (JsonNode verb : rule.path("verbs")) {
                        rule.path("resources")
                                .forEach(each -> granted.add(verb.asText() + " " + resource(each.asText(), group)));
                    }
                }
            }
        }
        return granted;
    }

    /** As the lab records it: the group stands before the subresource. */
    private static String resource(String name, String group) {
        if (group.isEmpty()) {
            return name;
        }
        String[] parts = name.split("/", 2);
        return parts[0] + "." + group + (parts.length > 1 ? "/" + parts[1] : "");
    }
}
