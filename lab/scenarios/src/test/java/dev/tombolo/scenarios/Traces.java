package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What Tombolo may have left behind. */
final class Traces {
    /** On a node: pins, devices, tables, routes, rules, files. */
    static final String SCRIPT = """
            ls -d /sys/fs/bpf/tombolo /run/tombolo /var/lib/tombolo /var/run/wireguard/* 2>/dev/null || true
            ls /opt/cni/bin | grep tombolo || true
            grep -ls tombolo /etc/cni/net.d/* || true
            ip -o link | grep tombolo || true
            nft list tables | grep tombolo || true
            ip route show table all | grep -E 'tombolo|^unreachable 10[.]' || true
            ip rule | grep -vE 'lookup (local|main|default)' || true
            """;

    private Traces() {}

    /** Names of what is left in Kubernetes: kinds, namespaces, accounts' roles, annotations of nodes. */
    static List<String> inKubernetes(MeshLab lab, int cluster) {
        var left = new ArrayList<String>();
        var objects = lab.get(
                cluster,
                "namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,roles,rolebindings",
                "-A");
        for (JsonNode object : objects.path("items")) {
            String name = object.at("/metadata/name").asText();
            if (name.contains("tombolo") || name.contains("clustermesh") || name.endsWith(".cilium.io")) {
                left.add(object.path("kind").asText() + "/" + name);
            }
        }
        for (JsonNode node : lab.get(cluster, "nodes").path("items")) {
            node.at("/metadata/annotations").fieldNames().forEachRemaining(key -> {
                if (key.contains("tombolo")) {
                    left.add(node.at("/metadata/name").asText() + " annotation " + key);
                }
            });
        }
        return left;
    }
}
