package dev.tombolo.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.daemon.LabDaemon;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNetworkTest {
    private static final LabHome HOME = LabHome.of("n" + ProcessHandle.current().pid());
    private static final Topology TOPOLOGY = Topology.of(HOME, 2, 2, Families.DUAL_STACK);
    private static final Faults FAULTS = new Faults(TOPOLOGY);
    private static final Path OUTSIDE = LabHome.namespacePath(HOME.namespace("outside"));
    private static final List<NodeSandbox> NODES = new ArrayList<>();

    @BeforeAll
    static void build() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: network namespaces need root");
        assumeTrue(Files.exists(Path.of("/usr/lib/cni/bridge")), "skipped: the CNI plugins are not installed");
        Files.createDirectories(HOME.cgroup());
        LabDaemon.prepare(HOME);
        Underlay.build(TOPOLOGY);
        for (Topology.Cluster cluster : TOPOLOGY.clusters()) {
            for (Topology.Node node : cluster.nodes()) {
                NODES.add(NodeSandbox.start(node, Path.of("/usr/share")));
            }
        }
    }

    @AfterAll
    static void leavesNothing() throws IOException {
        Leftovers leftovers = new Leftovers(HOME);
        leftovers.remove();
        assertThat(leftovers.list()).isEmpty();
    }

    @Test
    void podsOfBothPluginsReachEachOtherAcrossNodesWithTheirOwnAddresses() throws IOException {
        for (Topology.Cluster cluster : TOPOLOGY.clusters()) {
            PodNetwork first = new PodNetwork(sandbox(cluster.nodes().get(0)));
            PodNetwork second = new PodNetwork(sandbox(cluster.nodes().get(1)));
            List<String> client = first.add("client");
            List<String> server = second.add("server");
            Process echo = echo(second.path("server"));
            try {
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(ask(first.path("client"), server.getFirst()))
                                .contains("\"source\":\"" + client.getFirst() + ":"));
                assertThat(ask(first.path("client"), "[" + server.getLast() + "]"))
                        .contains("\"source\":\"[" + client.getLast() + "]:");
            } finally {
                echo.destroyForcibly();
            }
            first.remove("client");
            second.remove("server");
            assertThat(Files.exists(first.path("client"))).isFalse();
        }
    }

    private static NodeSandbox sandbox(Topology.Node node) {
        return NODES.stream()
                .filter(sandbox -> sandbox.node().equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** The outside knows no way back to a pod, so that one which is answered was seen under another address. */
    @Test
    void podsAreSeenOutsideUnderTheAddressOfTheirNode() throws IOException {
        Process echo = echo(OUTSIDE);
        PodNetwork network = new PodNetwork(NODES.getFirst());
        try {
            network.add("leaving");
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(
                            () -> assertThat(ask(network.path("leaving"), "[" + Topology.OUTSIDE_IPV6_ADDRESS + "]"))
                                    .contains("\"source\":\"[fd30:1::11]:"));
            assertThat(ask(network.path("leaving"), Topology.OUTSIDE_ADDRESS)).contains("\"source\":\"172.30.1.11:");
        } finally {
            echo.destroyForcibly();
            network.remove("leaving");
        }
    }

    @Test
    void aPluginThatIsAddedToTheChainOnANodeRunsThereForEachPod() throws IOException {
        inNode("""
                cat > /opt/cni/bin/witness <<'END'
                #!/bin/sh
                tee "/var/lib/witness-$CNI_COMMAND" | jq -c .prevResult
                hostname > /var/lib/witness
                END
                chmod +x /opt/cni/bin/witness
                list=/etc/cni/net.d/10-lab.conflist
                cp $list /var/lib/list
                jq '.plugins += [{"type": "witness"}]' /var/lib/list > $list
                """);
        try {
            PodNetwork network = new PodNetwork(NODES.getFirst());
            String address = network.add("seen").getFirst();
            network.remove("seen");
            for (String command : List.of("ADD", "DEL")) {
                assertThat(inNode("jq -r '.name, .cniVersion, .prevResult.ips[0].address' /var/lib/witness-" + command))
                        .isEqualTo("lab\n1.0.0\n" + address + "/24\n");
            }
            assertThat(inNode("cat /var/lib/witness")).isEqualTo("node1\n");
        } finally {
            inNode("cp /var/lib/list /etc/cni/net.d/10-lab.conflist");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cluster1, cluster2, 172.30.2.11",
        "cluster1/node1, cluster2/node2, 172.30.2.12",
        "cluster1/node1, cluster1/node2, 172.30.1.12",
        "cluster1, outside, 198.51.100.10",
    })
    void aCutSeparatesTwoPlacesUntilItIsHealed(String a, String b, String address) throws IOException {
        assertThat(ping(address)).isTrue();
        FAULTS.cut(a, b);
        assertThat(ping(address)).isFalse();
        assertThat(ping("172.30.1.1")).isTrue();
        FAULTS.heal();
        assertThat(ping(address)).isTrue();
    }

    @Test
    void aPercentageOfPacketsIsDropped() throws IOException {
        FAULTS.drop("cluster1", "cluster2", 50);
        String said = onNode("ping -q -c40 -i0.01 -W1 172.30.2.11").output();
        FAULTS.heal();
        double lost = Double.parseDouble(said.replaceAll("(?s).* ([\\d.]+)% packet loss.*", "$1"));
        // Half of the requests, and half of the answers to the rest.
        assertThat(lost).isBetween(40.0, 99.0);
    }

    @Test
    void theInternetAnswersTooBigPacketsWhenItsMtuShrinksUnlessIcmpIsBlocked() throws IOException {
        String tooBig = "ping -c1 -W1 -M do -s 1372 172.30.2.11";
        FAULTS.mtu(1280);
        String answered = onNode(tooBig).output();
        onNode("ip route flush cache");
        FAULTS.blockIcmp();
        String silent = onNode(tooBig).output();
        FAULTS.heal();
        onNode("ip route flush cache");
        assertThat(answered).containsPattern("mtu ?= ?1280").doesNotContain("1 received");
        assertThat(silent).doesNotContainPattern("mtu ?= ?1280").doesNotContain("1 received");
    }

    @Test
    void blockedIcmpLetsEverythingElsePass() throws IOException {
        Process echo = echo(OUTSIDE);
        try {
            awaitAnswer("cluster1-node1");
            FAULTS.blockIcmp();
            assertThat(ping(Topology.OUTSIDE_ADDRESS)).isFalse();
            assertThat(askOutside("cluster1-node1")).contains("\"source\":\"172.30.1.11:");
        } finally {
            FAULTS.heal();
            echo.destroyForcibly();
        }
    }

    @Test
    void behindNatAClusterIsSeenByItsGatewaysAddressAndOthersByTheirOwn() throws IOException {
        Process echo = echo(OUTSIDE);
        try {
            awaitAnswer("cluster1-node1");
            FAULTS.nat("cluster1");
            assertThat(askOutside("cluster1-node1")).contains("\"source\":\"198.51.100.1:");
            assertThat(askOutside("cluster2-node1")).contains("\"source\":\"172.30.2.11:");
            FAULTS.heal();
            assertThat(askOutside("cluster1-node1")).contains("\"source\":\"172.30.1.11:");
        } finally {
            FAULTS.heal();
            echo.destroyForcibly();
        }
    }

    private static void awaitAnswer(String node) {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(askOutside(node)).contains("\"source\""));
    }

    private static String askOutside(String node) throws IOException {
        return ask(LabHome.namespacePath(HOME.namespace(node)), Topology.OUTSIDE_ADDRESS);
    }

    @Test
    void aNodeHasItsOwnRunCgroupTreeAndBpfFileSystem() throws IOException {
        String mounts = inNode("cat /proc/self/mountinfo");
        assertThat(mounts)
                .containsPattern("/ /sys/fs/cgroup .* - cgroup2")
                .contains("/sys/fs/bpf")
                .doesNotContain(HOME.directory() + "/root");
        assertThat(
                        inNode(
                                "ls /run; test -c /dev/net/tun && test -r /sys/kernel/btf/vmlinux && echo devices; touch /litter; hostname"))
                .contains("devices")
                .contains("node1");
        assertThat(Files.exists(Path.of("/litter"))).isFalse();
    }

    private static boolean ping(String address) throws IOException {
        return onNode("ping -c1 -W1 " + address).code() == 0;
    }

    private static Commands.Result onNode(String command) throws IOException {
        return Commands.attempt(
                List.of("ip", "netns", "exec", HOME.namespace("cluster1-node1"), "sh", "-c", command), Map.of(), "");
    }

    private static String inNode(String command) throws IOException {
        List<String> words =
                new ArrayList<>(NODES.getFirst().enter(LabHome.namespacePath(HOME.namespace("cluster1-node1"))));
        words.addAll(List.of("sh", "-c", command));
        return Commands.run(words, Map.of(), "");
    }

    private static Process echo(Path netns) throws IOException {
        return new ProcessBuilder(
                        "nsenter",
                        "--net=" + netns,
                        Path.of(System.getProperty("tombolo.lab.programs", "target/programs"), "lab-echo")
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String ask(Path netns, String address) throws IOException {
        return Commands.attempt(
                        List.of("nsenter", "--net=" + netns, "curl", "-s", "-m", "2", "http://" + address + ":8080/"),
                        Map.of(),
                        "")
                .output();
    }
}
