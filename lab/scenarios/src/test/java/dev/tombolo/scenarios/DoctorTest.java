package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.lab.programs.Outcome;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever breaks a leg of a policy, {@code tombolo doctor} names that leg and no other, and all is well once it is mended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class DoctorTest {
    private static final List<String> EVERY_LEG = List.of(
            "gateway",
            "carrier",
            "address",
            "device",
            "route",
            "reverse path",
            "forwarding",
            "forward policy",
            "mtu",
            "programs",
            "maps",
            "pod start",
            "mesh");

    /** The address on a second device, in the network of the first; only the first answers for what is its own. */
    private static final String SECOND_DEVICE = """
            ip link set eth1 up
            ip addr del %1$s/24 dev eth0
            ip addr add %1$s/32 dev eth1
            ip route add default via 172.30.1.1 dev eth1 onlink metric 500
            sysctl -qw net.ipv4.conf.eth0.arp_ignore=1
            """.formatted(EGRESS_IP);

    private MeshLab lab;
    private EgressScene scene;

    /** What breaks on the gateway, and what the doctor is to say of it. */
    private enum Fault {
        ADDRESS(
                "ip addr del 172.30.1.200/24 dev eth0",
                "ip addr replace 172.30.1.200/24 dev eth0",
                "node2 address 172.30.1.200",
                "no device has it",
                "ip addr add 172.30.1.200/32 dev"),
        TWICE(
                "ip addr replace 172.30.1.200/24 dev eth0",
                "ip addr replace 172.30.1.200/24 dev eth0",
                "node1, node2 address 172.30.1.200",
                "2 nodes have it",
                "ip addr del 172.30.1.200/32"),
        FORWARDING(
                "sysctl -qw net.ipv4.ip_forward=0",
                "sysctl -qw net.ipv4.ip_forward=1",
                "node2 forwarding IPv4",
                "net.ipv4.ip_forward is 0",
                "sysctl -w net.ipv4.ip_forward=1"),
        MTU(
                "ip link set eth0 mtu 1300",
                "ip link set eth0 mtu 1500",
                "node2 mtu 172.30.1.200",
                "eth0 takes 1300 bytes",
                "ip link set eth0 mtu 1500"),
        /**
         * Services have a route of their own: without one the agent could tell nobody what is wrong. What other nodes' pods
         * send misses the route by the device of the address, what the gateway's own pods send misses any.
         */
        ROUTE(
                "ip route replace 10.96.0.0/16 via 172.30.1.1; ip route del default",
                "ip route replace default via 172.30.1.1; ip route flush exact 10.96.0.0/16",
                "node2 route 172.30.1.200; node2 route IPv4",
                "no route to 198.51.100.10/32 by eth0",
                "ip route add default via ROUTER dev eth0");

        private final String breaking;
        private final String mending;
        private final List<String> legs;
        private final String read;
        private final String fix;

        Fault(String breaking, String mending, String legs, String read, String fix) {
            this.breaking = breaking;
            this.mending = mending;
            this.legs = List.of(legs.split("; "));
            this.read = read;
            this.fix = fix;
        }
    }

    @BeforeAll
    void prepare(MeshLab shared) {
        lab = shared;
        scene = new EgressScene(lab);
        scene.prepare();
        awaitBroken();
    }

    @AfterAll
    void remove() {
        scene.remove();
    }

    @Test
    void allLegsHold() {
        MeshLab.await("the whole mesh to hold", () -> doctor().code() == 0);
        var outcome = doctor();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.output()).startsWith("✅ All legs hold").doesNotContain("✘", "?");
        assertThat(outcome.output()).contains("ago").contains(EVERY_LEG);
        assertThat(doctor("--policy", "nobody").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void namesTheLegThatIsBroken(Fault fault) {
        lab.onNode(1, "node2", fault.breaking);
        if (fault == Fault.TWICE) {
            lab.onNode(1, "node1", "ip addr add 172.30.1.200/32 dev lo");
        }
        try {
            var broken = awaitBroken(fault.legs.toArray(String[]::new)).getFirst();
            assertThat(broken.path("read").asText()).startsWith(fault.read);
            assertThat(broken.path("fix").asText()).startsWith(fault.fix);
            assertThat(broken.path("cause").asText()).isNotEmpty();
        } finally {
            lab.onNode(1, "node2", fault.mending);
            lab.onNode(1, "node1", "ip addr del 172.30.1.200/32 dev lo || true");
        }
        awaitBroken();
    }

    /** The device stays: only asking through it shows that nothing comes back. */
    @Test
    void namesTheGatewayWhoseTunnelIsStopped() {
        try (var _ = StoppedCarrier.stop(lab, "node2")) {
            var broken = awaitBroken("node1 gateway node2", "node2 carrier tombolo-egw");
            assertThat(broken.getFirst().path("read").asText()).startsWith("no answer by tombolo-eg");
            assertThat(broken.getLast().path("read").asText()).isEqualTo("no WireGuard is behind tombolo-egw");
        }
        awaitBroken();
    }

    /** Pods of other nodes go on meanwhile: their replies never meet the filter. */
    @Test
    void namesAFilterThatDropsRepliesOnASecondDeviceAndItsFixHeals() {
        addSecondDevice();
        try {
            awaitBroken();
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
            lab.onNode(1, "node2", "sysctl -qw net.ipv4.conf.eth1.rp_filter=1");
            var broken = awaitBroken("node2 reverse path 172.30.1.200").getFirst();
            assertThat(broken.path("read").asText())
                    .isEqualTo("net.ipv4.conf.eth1.rp_filter is 1 (strict), and 198.51.100.10/32 is reached by eth0");
            assertThat(scene.ask(Sender.BILLING_AT_GATEWAY, OUTSIDE, "--requests", "3", "--timeout-ms", "500")
                            .ok())
                    .isZero();
            scene.awaitSeen(Sender.BILLING, OUTSIDE, EGRESS_IP);
            lab.onNode(1, "node2", broken.path("fix").asText().replaceFirst(" on the node.*", ""));
            awaitBroken();
            scene.awaitSeen(Sender.BILLING_AT_GATEWAY, OUTSIDE, EGRESS_IP);
            lab.onNode(1, "node2", "ip link set eth1 down");
            awaitBroken("node2 device eth1", "node2 route 172.30.1.200");
        } finally {
            removeSecondDevice();
        }
        awaitBroken();
    }

    private void addSecondDevice() {
        lab.in(
                "internet",
                "ip link add c1n2b type veth peer name eth1 netns " + lab.home.namespace("cluster1-node2")
                        + "; ip link set c1n2b master net1 up");
        lab.onNode(1, "node2", SECOND_DEVICE);
        lab.in("internet", "ip neigh flush dev net1");
    }

    private void removeSecondDevice() {
        lab.in("internet", "ip link del c1n2b");
        lab.onNode(1, "node2", "sysctl -qw net.ipv4.conf.eth0.arp_ignore=0");
        scene.holdAddress();
        lab.in("internet", "ip neigh flush dev net1");
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
    }

    /** Waits until these legs of the policy are broken and all others hold; returns them in their order. */
    private List<JsonNode> awaitBroken(String... legs) {
        var expected = new TreeSet<>(Set.of(legs));
        var last = new JsonNode[1];
        MeshLab.await("the broken legs to be " + expected, () -> {
            last[0] = MeshLab.json(doctor("--policy", "billing", "-o", "json").output());
            return names(last[0], "broken").equals(expected)
                    && names(last[0], "unknown").isEmpty()
                    && last[0].path("healthy").asBoolean() == expected.isEmpty();
        });
        return in(last[0], "broken");
    }

    private static TreeSet<String> names(JsonNode diagnosis, String state) {
        var names = new TreeSet<String>();
        in(diagnosis, state)
                .forEach(leg -> names.add(leg.path("node").asText() + " "
                        + leg.path("leg").asText() + " " + leg.path("of").asText()));
        return names;
    }

    /** Without what agents say of themselves, which comes later, and not always. */
    private static List<JsonNode> in(JsonNode diagnosis, String state) {
        return StreamSupport.stream(diagnosis.path("legs").spliterator(), false)
                .filter(leg -> !leg.path("leg").asText().equals("node"))
                .filter(leg -> leg.path("state").asText().equals(state))
                .toList();
    }

    private Outcome doctor(String... words) {
        var all = new ArrayList<>(List.of("doctor", "--context", "cluster1"));
        all.addAll(List.of(words));
        return lab.programs.attempt(all.toArray(String[]::new));
    }
}
