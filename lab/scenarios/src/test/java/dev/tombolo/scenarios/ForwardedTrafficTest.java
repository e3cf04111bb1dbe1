package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Shop;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node's own firewall says of forwarded packets holds for other clusters too. */
@ExtendWith(InMeshLab.class)
class ForwardedTrafficTest {
    /** What a CNI makes on the client's node of a policy that lets it ask for names only. */
    private static final String DEFAULT_DENY = """
            nft -f - <<'END'
            table inet cni {
              chain forward {
                type filter hook forward priority 0;
                ip saddr CLIENT udp dport 53 accept
                ip saddr CLIENT counter drop
              }
            }
            END
            """;

    /** A cluster whose container runtime closed the FORWARD chain, and whose CNI opened it for its own pods only. */
    private static final String DROP = """
            iptables -P FORWARD DROP
            iptables -A FORWARD -s 10.1.0.0/16 -d 10.1.0.0/16 -j ACCEPT
            iptables -A FORWARD -s 10.1.0.0/16 -d 172.30.1.0/24 -j ACCEPT
            iptables -A FORWARD -s 172.30.1.0/24 -d 10.1.0.0/16 -j ACCEPT
            """;

    private static final String ACCEPT = """
            iptables -P FORWARD ACCEPT
            iptables -F FORWARD
            """;

    @Test
    void aPolicyThatDeniesEgressBlocksTheOtherCluster(MeshLab lab) {
        var client = lab.get(
                1, "-n", "shop", "pod", lab.shop.pods(1, "shop", "client").getFirst());
        String node = client.at("/spec/nodeName").asText();
        try {
            affinity(lab, "remote");
            MeshLab.await("cluster2 alone to answer", () -> onlySecond(lab.shop.ask(1, 10, Shop.URL)));
            lab.onNode(
                    1,
                    node,
                    DEFAULT_DENY.replace("CLIENT", client.at("/status/podIP").asText()));
            var denied = LoadResult.parse(
                    lab.shop.startLoad(1, 2, 5, "--timeout-ms", "500").join().output());
            assertThat(denied.ok()).isZero();
            assertThat(denied.sent()).isPositive();
            assertThat(Pattern.compile("counter packets [1-9]")
                            .matcher(lab.onNode(1, node, "nft list table inet cni"))
                            .find())
                    .isTrue();
        } finally {
            lab.onNode(1, node, "nft delete table inet cni || true");
            affinity(lab, "none");
        }
    }

    @Test
    void statusNamesAForwardChainThatDropsAndTheFixHeals(MeshLab lab) {
        String node = lab.get(
                        1,
                        "-n",
                        "shop",
                        "pod",
                        lab.shop.pods(1, "shop", "client").getFirst())
                .at("/spec/nodeName")
                .asText();
        lab.onNode(1, node, DROP);
        try {
            MeshLab.await("status to name it", () -> lab.problems(1).contains("FORWARD"));
            assertThat(LoadResult.parse(lab.shop
                                    .startLoad(1, 2, 20, "--timeout-ms", "500")
                                    .join()
                                    .output())
                            .from("cluster2"))
                    .isZero();
            var problem = MeshLab.json(lab.look("status", "--context", "cluster1", "-o", "json")
                            .output())
                    .at("/problems/0");
            assertThat(problem.path("what").asText()).contains("node " + node, "FORWARD");
            lab.onNode(1, node, problem.path("fix").asText());
            lab.expectWhole();
        } finally {
            lab.onNode(1, node, ACCEPT);
        }
    }

    private static boolean onlySecond(LoadResult result) {
        return result.ok() == result.sent() && result.from("cluster2") == result.ok();
    }

    private static void affinity(MeshLab lab, String affinity) {
        lab.programs.kubectl(
                1,
                "-n",
                "shop",
                "annotate",
                "--overwrite",
                "service",
                "echo",
                "service.cilium.io/affinity=" + affinity);
    }
}
