package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A cluster with an egress policy, in which pods are started that send before they do anything else, and are ready once
 * they were answered from outside.
 */
record PodStartScene(MeshLab lab, int cluster) {
    static final List<String> NODES = List.of("node1", "node2");

    private static final Pattern HELD =
            Pattern.compile("tombolo_datapath_packets_total\\{(?=[^}]*held)[^}]*\\} (\\S+)", Pattern.CASE_INSENSITIVE);

    private static final String POLICY = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: starting}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: starting}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {egress: fixed, io.kubernetes.pod.namespace: starting}
              destinationCIDRs: [198.51.100.0/24]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: %s
            """;

    private static final String PODS = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, namespace: starting}
            spec:
              replicas: %2$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s, egress: %3$s}}
                spec:
                  terminationGracePeriodSeconds: 0
                  initContainers:
                    - name: burst
                      image: busybox
                      command: [bash, -c, 'for i in {1..20}; do echo > /dev/udp/198.51.100.10/9; done']
                  containers:
                    - name: answered
                      image: busybox
                      command:
                        - bash
                        - -c
                        - |
                          until curl -s -m 1 http://198.51.100.10:8080/ > /dev/null; do sleep 0.3; done
                          echo > /dev/udp/198.51.100.10/9
                          exec /var/lib/kubelet/programs/lab-echo --port 8080
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            """;

    String egressIp() {
        return "172.30." + cluster + ".200";
    }

    void prepare() {
        lab.programs.kubectl(cluster, "label", "node", "node2", "egress=yes");
        lab.onNode(cluster, "node2", "ip addr add " + egressIp() + "/24 dev eth0");
        lab.programs.apply(cluster, POLICY.formatted(egressIp()));
        MeshLab.await(
                "the hook on all nodes of cluster" + cluster,
                () -> NODES.stream().allMatch(node -> chain(node).contains("tombolo-cni")));
    }

    /** The CNI configuration of a node. */
    String chain(String node) {
        return lab.onNode(cluster, node, "cat /etc/cni/net.d/*.conflist");
    }

    /** What the node's CNI can run. */
    String programs(String node) {
        return lab.onNode(cluster, node, "ls /opt/cni/bin");
    }

    void start(String name, int pods, String egress) {
        lab.programs.apply(cluster, PODS.formatted(name, pods, egress));
    }

    /** Waits until each has sent what it sends first. */
    void awaitBursts(String name, int pods) {
        await(
                name,
                pods,
                "have sent",
                pod -> pod.at("/status/initContainerStatuses/0/state/terminated/exitCode")
                                .asInt(-1)
                        == 0);
    }

    void awaitAnswered(String name, int pods) {
        await(
                name,
                pods,
                "be answered",
                pod -> pod.at("/status/containerStatuses/0/ready").asBoolean());
    }

    private void await(String name, int pods, String what, Predicate<JsonNode> done) {
        MeshLab.await(
                pods + " pods " + name + " of cluster" + cluster + " to " + what,
                () -> pods(name).stream().filter(done).count(),
                count -> count == pods);
    }

    /** How many of them were answered. */
    long answered(String name) {
        return pods(name).stream()
                .filter(pod -> pod.at("/status/containerStatuses/0/ready").asBoolean())
                .count();
    }

    private List<JsonNode> pods(String name) {
        var items =
                lab.get(cluster, "-n", "starting", "pods", "-l", "app=" + name).path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    /** Waits until they are gone, so that what they send is no matter of what follows. */
    void end(String name) {
        lab.programs.kubectl(cluster, "-n", "starting", "delete", "deployment", name, "--ignore-not-found");
        MeshLab.await("the pods " + name + " to be gone", () -> pods(name).isEmpty());
    }

    /** Packets of pods that were held, as the agents count them. */
    double held() {
        return NODES.stream()
                .map(node -> lab.onNode(cluster, node, "curl -s http://127.0.0.1:9879/prometheus"))
                .flatMap(page -> HELD.matcher(page).results())
                .mapToDouble(count -> Double.parseDouble(count.group(1)))
                .sum();
    }
}
