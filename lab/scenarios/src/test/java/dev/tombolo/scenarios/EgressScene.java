package dev.tombolo.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Pods on both nodes of cluster1, some of which a policy lets leave by node2 under one address. */
final class EgressScene {
    static final String EGRESS_IP = "172.30.1.200";
    static final String OUTSIDE = "http://198.51.100.10:8080/";
    /** The same server by an address that the policy names only where a scenario changes it. */
    static final String BESIDE = "http://198.51.100.11:8080/";

    static final String INSIDE = "http://ledger.finance.svc.cluster.local/";

    private static final String MEGABYTE = "1000000";

    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: billing}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [%s]
              excludedCIDRs: [%s]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: 172.30.1.200
            """;

    /** A pod: its Deployment and the address of its node. */
    enum Sender {
        BILLING("billing-1", "172.30.1.11"),
        BILLING_AT_GATEWAY("billing-2", "172.30.1.12"),
        AUDIT("audit-1", "172.30.1.11"),
        AUDIT_AT_GATEWAY("audit-2", "172.30.1.12");

        static final List<Sender> SELECTED = List.of(BILLING, BILLING_AT_GATEWAY);

        final String deployment;
        final String node;

        Sender(String deployment, String node) {
            this.deployment = deployment;
            this.node = node;
        }
    }

    final MeshLab lab;

    EgressScene(MeshLab lab) {
        this.lab = lab;
    }

    void prepare() {
        preparePods();
        holdAddress();
        lab.programs.kubectl(1, "label", "--overwrite", "node", "node2", "egress=yes");
        steerToOutside();
    }

    /** The pods alone, with nothing that steers them. */
    void preparePods() {
        lab.in("outside", "ip addr replace 198.51.100.11/24 dev eth0");
        lab.programs.apply(1, manifest());
        lab.programs.kubectl(
                1, "-n", "finance", "wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s");
    }

    /** Also what was prepared by half. */
    void remove() {
        lab.programs.kubectl(1, "delete", "namespace", "finance", "--ignore-not-found", "--timeout=60s");
        lab.programs.kubectl(1, "label", "node", "node2", "egress-");
        holdAddress();
        loseAddress();
        lab.in("outside", "ip addr replace 198.51.100.11/24 dev eth0; ip addr del 198.51.100.11/24 dev eth0");
        deletePolicy();
    }

    /** The policy of most scenarios; it is in force when this returns, and no other. */
    void steerToOutside() {
        steer("198.51.100.10/32", "");
        Sender.SELECTED.forEach(sender -> {
            awaitSeen(sender, OUTSIDE, EGRESS_IP);
            awaitSeen(sender, BESIDE, sender.node);
        });
    }

    void steer(String destinations, String excluded) {
        lab.programs.apply(1, POLICY.formatted(destinations, excluded));
    }

    void annotate(String annotation) {
        lab.programs.kubectl(1, "annotate", "--overwrite", "ciliumegressgatewaypolicy", "billing", annotation);
    }

    void deletePolicy() {
        lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicy", "billing", "--ignore-not-found");
    }

    void holdAddress() {
        lab.onNode(1, "node2", "ip addr replace " + EGRESS_IP + "/24 dev eth0");
    }

    void loseAddress() {
        lab.onNode(1, "node2", "ip addr del " + EGRESS_IP + "/24 dev eth0");
    }

    /** How many rows an eBPF map of a node has. */
    long rows(String node, String map) {
        return rows(node, List.of(map)).getFirst();
    }

    /** By one command. */
    List<Long> rows(String node, List<String> maps) {
        return lab.onNode(1, node, """
                for map in %s; do
                    bpftool -j map dump pinned "$(find /sys/fs/bpf -name $map | head -1)" | grep -o '"key"' | wc -l
                done""".formatted(String.join(" ", maps)))
                .lines()
                .map(line -> Long.valueOf(line.strip()))
                .toList();
    }

    String addressOf(Sender sender) {
        return lab.podAddress(1, "finance", sender.deployment);
    }

    /** What {@code tombolo egress list} says of a policy, also where it finds something wrong. */
    JsonNode listed(String policy) {
        String list = lab.look("egress", "list", "--context", "cluster1", "-o", "json")
                .output();
        for (var row : MeshLab.json("{\"items\":" + list + "}").path("items")) {
            if (row.path("policy").asText().equals(policy)) {
                return row;
            }
        }
        throw new CheckFailure("expected policy " + policy + ", read " + list);
    }

    /** What {@code tombolo egress explain} says of a pod's packets. */
    JsonNode explain(Sender sender, String destination) {
        String pod = lab.shop.pods(1, "finance", sender.deployment).getFirst();
        return MeshLab.json(lab.programs.tombolo(
                "egress",
                "explain",
                "--context",
                "cluster1",
                "--pod",
                "finance/" + pod,
                "--to",
                destination,
                "-o",
                "json"));
    }

    void awaitSeen(Sender sender, String url, String address) {
        MeshLab.await(sender + " to be seen as " + address + " at " + url, () -> {
            var answers = ask(sender, url, "--requests", "5", "--timeout-ms", "500");
            return answers.ok() == answers.sent() && answers.bySource().keySet().equals(Set.of(address));
        });
    }

    void awaitSilence(Sender sender, String url) {
        MeshLab.await(
                sender + " to get no answer",
                () -> ask(sender, url, "--requests", "3", "--timeout-ms", "500").ok() == 0);
    }

    /** What became of a pod's requests; any of them may be lost. */
    LoadResult ask(Sender sender, String url, String... options) {
        return LoadResult.parse(load(sender, url, options).join().output());
    }

    /** Requests that go on beside what follows, until their result is asked for. */
    Programs.Running startLoad(Sender sender, String... options) {
        var words = new ArrayList<>(List.of("--duration", "600", "--until-eof"));
        words.addAll(List.of(options));
        return load(sender, OUTSIDE, words.toArray(String[]::new));
    }

    Programs.Running load(Sender sender, String url, String... options) {
        var words = new ArrayList<>(List.of("lab-load", "--url", url));
        words.addAll(List.of(options));
        return start(sender, words.toArray(String[]::new));
    }

    /** There and back, by TCP and in datagrams that nobody may cut. */
    void expectMegabytes(Sender sender) {
        load(sender, OUTSIDE, "--requests", "2", "--bulk", MEGABYTE).join().expectSuccess();
        load(sender, OUTSIDE, "--requests", "1", "--bulk", MEGABYTE, "--udp")
                .join()
                .expectSuccess();
    }

    /** What a pod that sends as much as its way to the gateway took before is told that it takes. */
    void awaitTold(Sender sender, int bytes) {
        MeshLab.await(
                sender + " to be told of " + bytes,
                () -> sendLarge(sender).contains("Frag needed and DF set (mtu = " + bytes + ")"));
    }

    void awaitWide(Sender sender) {
        MeshLab.await(sender + " to send large packets", () -> sendLarge(sender).contains(" 1 received"));
    }

    /** Of 1420 bytes, whatever the pod has learnt before. */
    private String sendLarge(Sender sender) {
        return start(sender, "sh", "-c", "ip route flush cache; ping -c 1 -W 1 -M do -s 1392 198.51.100.10")
                .join()
                .output();
    }

    /** Runs a command in the pod. */
    Programs.Running start(Sender sender, String... command) {
        return lab.programs.startInPod(1, "finance", "deploy/" + sender.deployment, command);
    }

    private static String manifest() {
        try (InputStream in = EgressScene.class.getResourceAsStream("egress.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
