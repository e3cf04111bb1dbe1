package dev.tombolo.lab.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pods' namespaces, connected by the chain of CNI plugins that their node has; as a container runtime runs it. */
public final class PodNetwork {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The pod's namespace as its plugins know it: the names under which the machine has them are not the node's. */
    private static final String NAMESPACE = "/proc/self/fd/9";

    private static final String WITH_NAMESPACE = "pod=$1; shift; exec \"$@\" 9<\"$pod\"";

    private final NodeSandbox sandbox;
    private final Topology.Node node;
    private final NodeCni cni;

    public PodNetwork(NodeSandbox sandbox) {
        this.sandbox = sandbox;
        this.node = sandbox.node();
        this.cni = new NodeCni(node);
    }

    /** Answers the pod's addresses, that of IPv4 first. */
    public List<String> add(String uid) throws IOException {
        String namespace = namespace(uid);
        Commands.run("ip", "netns", "add", namespace);
        Commands.run("ip", "-n", namespace, "link", "set", "lo", "up");
        if (node.families().hasIpv6()) {
            Commands.run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
        }
        JsonNode chain = cni.chain();
        JsonNode result = MissingNode.getInstance();
        for (JsonNode plugin : chain.path("plugins")) {
            result = JSON.readTree(run("ADD", uid, request(chain, plugin, result)));
        }
        Files.createDirectories(result(uid).getParent());
        Files.writeString(result(uid), result.toString());
        return result.path("ips").findValuesAsText("address").stream()
                .map(address -> address.substring(0, address.indexOf('/')))
                .toList();
    }

    public void remove(String uid) throws IOException {
        if (!path(uid).toFile().exists()) {
            return;
        }
        JsonNode chain = cni.chain();
        JsonNode result = Files.exists(result(uid)) ? JSON.readTree(result(uid).toFile()) : MissingNode.getInstance();
        List<JsonNode> plugins = new ArrayList<>();
        chain.path("plugins").forEach(plugins::add);
        for (JsonNode plugin : plugins.reversed()) {
            run("DEL", uid, request(chain, plugin, result));
        }
        Files.deleteIfExists(result(uid));
        Commands.run("ip", "netns", "del", namespace(uid));
    }

    public Path path(String uid) {
        return LabHome.namespacePath(namespace(uid));
    }

    private String namespace(String uid) {
        return node.home().namespace("p" + node.cluster() + "-" + uid);
    }

    /** What the last plugin answered, which all get when the pod goes. */
    private Path result(String uid) {
        return node.directory().resolve("cni/results").resolve(uid + ".json");
    }

    private static ObjectNode request(JsonNode chain, JsonNode plugin, JsonNode previous) {
        ObjectNode request = plugin.deepCopy();
        request.remove("capabilities");
        request.set("cniVersion", chain.path("cniVersion"));
        request.set("name", chain.path("name"));
        if (!previous.isMissingNode()) {
            request.set("prevResult", previous);
        }
        return request;
    }

    private String run(String command, String uid, ObjectNode request) throws IOException {
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", WITH_NAMESPACE, "sh", path(uid).toString()));
        words.addAll(sandbox.enter(LabHome.namespacePath(node.namespace())));
        words.add(NodeCni.PROGRAMS + "/" + request.path("type").asText());
        return Commands.run(
                words,
                Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        uid,
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_PATH",
                        NodeCni.PROGRAMS,
                        "CNI_NETNS",
                        NAMESPACE),
                request.toString());
    }
}
