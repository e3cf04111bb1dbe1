package dev.tombolo.lab.network;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Pods' namespaces, connected by Debian's CNI plugins. */
public final class PodNetwork {
    private static final String PLUGINS = "/usr/lib/cni";
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Topology.Cluster cluster;
    private final Topology.Node node;

    public PodNetwork(Topology.Cluster cluster, Topology.Node node) {
        this.cluster = cluster;
        this.node = node;
    }

    /** Answers the pod's address. */
    public String add(String uid) throws IOException {
        String namespace = namespace(uid);
        Commands.run("ip", "netns", "add", namespace);
        Commands.run("ip", "-n", namespace, "link", "set", "lo", "up");
        String address = JSON.readTree(plugin("ADD", uid)).at("/ips/0/address").asText();
        return address.substring(0, address.indexOf('/'));
    }

    public void remove(String uid) throws IOException {
        if (!LabHome.namespacePath(namespace(uid)).toFile().exists()) {
            return;
        }
        plugin("DEL", uid);
        Commands.run("ip", "netns", "del", namespace(uid));
    }

    public Path path(String uid) {
        return LabHome.namespacePath(namespace(uid));
    }

    private String namespace(String uid) {
        return node.home().namespace("p" + cluster.index() + "-" + uid);
    }

    private String plugin(String command, String uid) throws IOException {
        return Commands.run(
                List.of(
                        "nsenter",
                        "--net=" + LabHome.namespacePath(node.namespace()),
                        PLUGINS + "/" + cluster.networkPlugin()),
                Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        uid,
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_PATH",
                        PLUGINS,
                        "CNI_NETNS",
                        path(uid).toString()),
                JSON.writeValueAsString(configuration()));
    }

    private Map<String, Object> configuration() {
        Map<String, Object> ipam = Map.of(
                "type", "host-local",
                "dataDir", node.directory().resolve("cni").toString(),
                "ranges", List.of(List.of(Map.of("subnet", node.podRange()))),
                "routes", List.of(Map.of("dst", "0.0.0.0/0")));
        return Map.of(
                "cniVersion",
                "0.4.0",
                "name",
                "lab",
                "type",
                cluster.networkPlugin(),
                "bridge",
                "cni0",
                "isGateway",
                true,
                "hairpinMode",
                true,
                "ipMasq",
                true,
                "mtu",
                1500,
                "ipam",
                ipam);
    }
}
