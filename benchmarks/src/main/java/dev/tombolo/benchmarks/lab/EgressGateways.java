package dev.tombolo.benchmarks.lab;

import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.lab.kubelet.ContainerRecord;
import dev.tombolo.lab.machine.Cgroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The gateways of a cluster of three nodes, of which two may have the egress address and all ask them. */
final class EgressGateways {
    static final String ADDRESS = "172.30.1.200";
    private static final List<String> NODES = List.of("node1", "node2");
    /** Each gateway is asked by the other one and by the node of the pod. */
    private static final long VOTES = 4;

    private static final Set<String> CONTAINERS = Set.of("agent", "carriers");
    private static final String OTHERS = """
            table inet leaving
            delete table inet leaving
            table inet leaving {
              counter others {}
              chain arriving {
                type filter hook prerouting priority -300;
                iifname "net1" ip daddr 198.51.100.0/24 ip saddr != %s counter name others
              }
            }
            """.formatted(ADDRESS);

    private final MeshLab lab;
    private String etcdctl = "";

    EgressGateways(MeshLab lab) {
        this.lab = lab;
    }

    void prepare(Path manifest) {
        lab.up(1, 3);
        lab.tombolo(1, "install", "--set", "cluster.name=cluster1", "--set", "cluster.id=1");
        lab.tombolo(1, "clustermesh", "enable");
        NODES.forEach(node -> lab.kubectl(1, "label", "node", node, "egress=yes"));
        lab.kubectl(1, "apply", "-f", manifest.toString());
        lab.kubectl(1, "-n", "finance", "wait", "--for=condition=Available", "deployment/billing", "--timeout=60s");
        String endpoint = lab.kubectl(1, "get", "clustermesh", "cluster", "-o", "jsonpath={.status.endpoints[0]}");
        etcdctl = "ETCDCTL_API=3 etcdctl --insecure-skip-tls-verify --dial-timeout=2s --endpoints=" + endpoint
                + " --cert=" + secret("tls.crt") + " --key=" + secret("tls.key") + " ";
        watchOthers();
    }

    private Path secret(String key) {
        String base64 = lab.kubectl(
                1,
                "-n",
                MeshLab.NAMESPACE,
                "get",
                "secret",
                "clustermesh-apiserver-local-cert",
                "-o",
                "jsonpath={.data.tls\\." + key.substring(key.indexOf('.') + 1) + "}");
        return lab.write("bench-" + key, new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }

    /** Counts what reaches the internet for the server under another address, once it is proven that it does. */
    private void watchOthers() {
        lab.in("internet", "nft -f - <<'END'\n" + OTHERS + "END");
        lab.in("cluster1-node3", "echo > /dev/udp/198.51.100.10/9");
        MeshLab.await(
                "a packet of a node to be counted", () -> Optional.of(others()).filter(count -> count > 0));
        lab.in("internet", "nft reset counter inet leaving others");
    }

    /** Packets that have left the cluster for the server under another address than that of the policy. */
    long others() {
        String counter = lab.in("internet", "nft list counter inet leaving others");
        return Long.parseLong(counter.replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    /** Who has the address, once all is as it should be: one node has it, and the data path of each answers all. */
    String awaitSteady() {
        return MeshLab.await("one gateway to have the address and both to answer", () -> {
            var holders = holders();
            return holders.size() == 1 && allAnswer() ? Optional.of(holders.getFirst()) : Optional.empty();
        });
    }

    private boolean allAnswer() {
        String votes = lab.in("cluster1-node3", etcdctl + "get --prefix --print-value-only tombolo/egress/v1/votes/");
        return votes.lines().filter(vote -> vote.contains("\"answers\":true")).count() == VOTES
                && CONTAINERS.stream().allMatch(container -> running(container).equals(Set.copyOf(NODES)));
    }

    /** The gateways on which a container runs. */
    private Set<String> running(String container) {
        return lab.containers(1, MeshLab.NAMESPACE, container).stream()
                .filter(record -> ProcessHandle.of(record.pid()).isPresent())
                .map(ContainerRecord::node)
                .filter(NODES::contains)
                .collect(Collectors.toSet());
    }

    List<String> holders() {
        return NODES.stream().filter(this::holds).toList();
    }

    private boolean holds(String node) {
        return lab.in("cluster1-" + node, "ip -o -4 address show").contains(" " + ADDRESS + "/");
    }

    static String other(String node) {
        return NODES.stream().filter(name -> !name.equals(node)).findFirst().orElseThrow();
    }

    /** The processes by which a node passes packets of egress, and its agent. */
    List<Long> processes(String node) {
        return CONTAINERS.stream()
                .flatMap(container -> lab.containers(1, MeshLab.NAMESPACE, container).stream())
                .filter(record -> record.node().equals(node))
                .flatMap(record -> processes(record).stream())
                .toList();
    }

    private static List<Long> processes(ContainerRecord container) {
        try {
            return Cgroups.processes(Path.of(container.cgroup()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** All at once; some may have ended. */
    static void signal(String name, List<Long> processes) {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(pid -> command.add(Long.toString(pid)));
        Shell.attempt(command);
    }
}
