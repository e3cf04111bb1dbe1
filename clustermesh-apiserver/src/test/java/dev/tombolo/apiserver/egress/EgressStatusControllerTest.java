package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressLoad;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EgressStatusControllerTest {
    private static final EgressProgrammed HELD = new EgressProgrammed("out", 1, "");
    private final EgressOnTwins mesh = new EgressOnTwins();

    @AfterEach
    void stop() {
        mesh.close();
    }

    private void becomes(String policy, String programmed) {
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.programmed(policy)).isEqualTo(programmed);
        });
    }

    /** A policy of one pod on node1, through g1, that both nodes have. */
    private void programmed() {
        mesh.pod("web", "10.1.1.5");
        mesh.policy("out", 1);
        mesh.says("node1", HELD);
        mesh.says("g1", HELD);
        becomes("out", "True InSync: 2 of 2 nodes");
    }

    @Test
    void aPolicySaysHowManyOfItsNodesHaveIt() {
        mesh.pod("web", "10.1.1.5");
        mesh.policy("out", 1);
        becomes("out", "Unknown NotReported: no node has reported yet");
        mesh.says("node1", HELD);
        becomes("out", "False Pending: 1 of 2 nodes; waiting for g1");
        assertThat(mesh.events).isEmpty();
        mesh.says("g1", HELD);
        becomes("out", "True InSync: 2 of 2 nodes");
        var status = mesh.status("out");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.selectedPods()).isEqualTo(1);
        assertThat(status.gateways())
                .containsExactly(new EgressPolicyObject.Gateway("g1", "cluster1", "", "192.0.2.10", 64, ""));
        assertThat(mesh.events)
                .containsExactly("out NORMAL Programmed: 2 of 2 nodes have it: through g1 by 192.0.2.10");
    }

    @Test
    void gatewaysOfAPeerThatWasNotReadYetAreNotCalledMissing() {
        var east = new ClusterName("east");
        var gateway = new NodeId(east, "g9");
        mesh.kube.peers().put("east", new MeshPeerObject("east", "uid", 1, false, Map.of(), null, null));
        mesh.tables.offers().nodes().put(gateway, new EgressNode(gateway, Map.of("egress", "true"), true, false));
        mesh.tables.offers().read().put(east, east);
        mesh.pod("web", "10.1.1.5");
        mesh.policy("out", 1, Map.of("egress.tombolo.dev/cluster", "east"));
        var version =
                mesh.kube.egressPolicies().snapshot().get("out").orElseThrow().version();
        mesh.says("node1", new EgressProgrammed("out", version, ""));
        becomes("out", "True InSync: 1 of 1 nodes");
        mesh.restart();
        mesh.tables.offers().nodes().remove(gateway);
        mesh.tables.offers().read().remove(east);
        becomes(
                "out",
                "Unknown PeerNotRead: cluster east has not been read since the mesh server started; nodes go on with "
                        + "the gateways that they know");
        assertThat(mesh.status("out").gateways())
                .extracting(EgressPolicyObject.Gateway::node)
                .containsExactly("g9");
        mesh.tables.offers().read().put(east, east);
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.programmed("out")).startsWith("False NoGateway: no node that east offers");
        });
    }

    @Test
    void whatIsAsItWasIsNotWrittenAgain() throws IOException {
        programmed();
        int writes = mesh.writes;
        mesh.now = mesh.now.plusSeconds(5);
        mesh.says("node1", HELD);
        mesh.pass();
        assertThat(mesh.writes).isEqualTo(writes);
    }

    @Test
    void aNodeThatIsHeardOfNoMoreDoesNotCount() {
        programmed();
        mesh.now = mesh.now.plus(Duration.ofMinutes(2));
        mesh.says("g1", HELD);
        becomes("out", "False NodesSilent: 1 of 2 nodes; nothing heard of node1");
        assertThat(mesh.events.subList(1, mesh.events.size()))
                .containsExactly("out WARNING ProgrammingFailed: 1 of 2 nodes; nothing heard of node1");
        assertThat(mesh.status("out").conditions().getFirst().lastTransitionTime())
                .contains(mesh.now);
    }

    @Test
    void aNodeThatCannotSaysWhyAndIsToldOfOnce() {
        programmed();
        mesh.says("node1", new EgressProgrammed("out", 1, "map eg_rules is full"));
        becomes("out", "False Failed: 1 of 2 nodes; node1: map eg_rules is full");
        mesh.says("g1");
        becomes("out", "False Failed: 0 of 2 nodes; node1: map eg_rules is full; waiting for g1");
        assertThat(mesh.events.subList(1, mesh.events.size()))
                .containsExactly("out WARNING ProgrammingFailed: 1 of 2 nodes; node1: map eg_rules is full");
    }

    @Test
    void aGatewayThatIsLostAndFoundIsToldOf() {
        programmed();
        mesh.node("g1", Map.of());
        becomes(
                "out",
                "False NoGateway: no node of cluster1 has the labels [egress=true]; label one, or change the "
                        + "nodeSelector; packets are dropped");
        mesh.restart();
        mesh.node("g1", Map.of("egress", "true"));
        becomes("out", "True InSync: 2 of 2 nodes");
        assertThat(mesh.events.subList(1, mesh.events.size()))
                .containsExactly(
                        "out WARNING NoGateway: no node of cluster1 has the labels [egress=true]; label one, or change "
                                + "the nodeSelector; packets are dropped",
                        "out NORMAL GatewayFound: its pods leave through g1",
                        "out NORMAL Programmed: 2 of 2 nodes have it: through g1 by 192.0.2.10");
    }

    @Test
    void aPolicyThatCannotBeMeantSaysSoAndStopsNoOther() {
        mesh.policy("bad", 7, new EgressPolicySpec(List.of(), List.of(), List.of(), Optional.empty(), List.of()));
        programmed();
        assertThat(mesh.programmed("bad")).startsWith("False Invalid: CiliumEgressGatewayPolicy bad");
        assertThat(mesh.status("bad").observedGeneration()).isEqualTo(7);
        assertThat(mesh.events).first().asString().startsWith("bad WARNING Invalid: CiliumEgressGatewayPolicy bad");
    }

    @Test
    void aThousandSelectorsAreSelectorsLikeOthers() {
        var simple = EgressOnTwins.spec("web");
        var sources = IntStream.range(0, 1_000)
                .mapToObj(i -> EgressOnTwins.spec(i == 500 ? "web" : "web-" + i)
                        .selectors()
                        .getFirst())
                .toList();
        mesh.pod("web", "10.1.1.5");
        mesh.policy(
                "out",
                1,
                new EgressPolicySpec(sources, simple.destinationCIDRs(), List.of(), simple.egressGateway(), List.of()));
        mesh.says("node1", HELD);
        mesh.says("g1", HELD);
        becomes("out", "True InSync: 2 of 2 nodes");
        assertThat(mesh.status("out").selectedPods()).isEqualTo(1);
    }

    @Test
    void oneThatCannotBeWrittenKeepsNoOtherWaiting() {
        mesh.broken.add("first");
        mesh.policy("first", 1);
        mesh.policy("out", 1);
        await().untilAsserted(() -> {
            assertThatThrownBy(mesh::pass).hasMessage("status of first refused");
            assertThat(mesh.programmed("out")).startsWith("True NoMatch");
        });
        mesh.broken.clear();
        becomes("first", "True NoMatch: no pod is selected, so there is nothing to do");
    }

    @Test
    void whoIsNotElectedWritesNothing() throws IOException {
        programmed();
        mesh.elected = false;
        mesh.policy("out", 2);
        mesh.pass();
        assertThat(mesh.status("out").observedGeneration()).isEqualTo(1);
        mesh.elected = true;
        becomes("out", "False Pending: 0 of 2 nodes; waiting for g1, node1");
        assertThat(mesh.status("out").observedGeneration()).isEqualTo(2);
    }

    @Test
    void policiesThatAreCiliumsOwnAreLeftAlone() throws IOException {
        mesh.ours = false;
        mesh.policy("out", 1);
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.questions).isEqualTo(1);
        });
        mesh.ours = true;
        mesh.pass();
        assertThat(mesh.writes).isZero();
        mesh.now = mesh.now.plus(Duration.ofMinutes(2));
        becomes("out", "True NoMatch: no pod is selected, so there is nothing to do");
    }

    @Test
    void policiesThatBecomeCiliumsOwnAreLeftAloneFromThenOn() throws IOException {
        programmed();
        int writes = mesh.writes;
        int questions = mesh.questions;
        mesh.pass();
        assertThat(mesh.questions).as("asked seldom").isEqualTo(questions);
        mesh.ours = false;
        mesh.now = mesh.now.plus(Duration.ofMinutes(2));
        mesh.policy("out", 2);
        mesh.pass();
        assertThat(mesh.writes).isEqualTo(writes);
        mesh.ours = true;
        mesh.now = mesh.now.plus(Duration.ofMinutes(2));
        becomes("out", "False NodesSilent: 0 of 2 nodes; nothing heard of g1, node1");
    }

    @Test
    void whatSomebodyTookOutOfAPolicyIsWrittenAgain() throws IOException {
        programmed();
        var written = mesh.status("out");
        mesh.status("out", null);
        becomes("out", "True InSync: 2 of 2 nodes");
        assertThat(mesh.status("out")).isEqualTo(written);
    }

    @Test
    void aPoolSaysHowManyOfItsAddressesPoliciesUse() throws IOException {
        mesh.pool("blue", "192.0.2.10-192.0.2.19", "127.0.0.1-127.0.0.9");
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.poolStatus("blue").total()).isEqualTo(10);
        });
        assertThat(mesh.poolStatus("blue").used()).isZero();
        mesh.policy("out", 1);
        mesh.pass();
        var status = mesh.poolStatus("blue");
        assertThat(status.used()).isEqualTo(1);
        assertThat(status.ranges()).isEqualTo("192.0.2.10-192.0.2.19");
        assertThat(status.conditions())
                .extracting(condition -> condition.type() + " " + condition.status() + " " + condition.reason())
                .containsExactly(
                        "Ready True InForce",
                        "Conflict False None",
                        "Invalid True RangesRefused",
                        "Exhausted False NoneWaits");
        assertThat(status.conditions().get(2).message()).startsWith("EgressIPPool blue spec.ranges[1]: read 127.0.0.1");
        int writes = mesh.writes;
        mesh.now = mesh.now.plusSeconds(5);
        mesh.pass();
        assertThat(mesh.writes).isEqualTo(writes);
    }

    /** Two policies ask for one address. */
    @Test
    void aPoolThatIsExhaustedIsToldOfUntilItIsNot() {
        mesh.pool("blue", "192.0.2.10-192.0.2.10");
        mesh.policyOfPool("first", "blue");
        mesh.policyOfPool("second", "blue");
        poolIs("Exhausted", "True");
        mesh.restart();
        poolIs("Exhausted", "True");
        mesh.pool("blue", "192.0.2.10-192.0.2.11");
        poolIs("Exhausted", "False");
        assertThat(mesh.events.stream().filter(event -> event.startsWith("pool")))
                .containsExactly(
                        "pool blue WARNING Exhausted: none is free for policy second, whose packets are dropped; add a "
                                + "range, or delete policies that have one",
                        "pool blue NORMAL AddressesAvailable: every policy that asks for an address of it has one");
    }

    private void poolIs(String type, String status) {
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.poolStatus("blue").conditions())
                    .anyMatch(condition ->
                            condition.type().equals(type) && condition.status().equals(status));
        });
    }

    @Test
    void aGatewayThatHasNoPortsLeftIsToldOfOnceAndWhenItIsOver() {
        programmed();
        String said = "80 % of the ports of 192.0.2.10 are in use";
        saturated(said, "True NearlyExhausted: g1: " + said);
        saturated(said + " towards another", "True NearlyExhausted: g1: " + said + " towards another");
        saturated("", "False RoomLeft: ");
        assertThat(mesh.events.subList(1, mesh.events.size()))
                .containsExactly(
                        "out WARNING Saturated: g1: " + said,
                        "out NORMAL RoomLeft: its gateways have ports and room for more connections again");
    }

    private void saturated(String warning, String condition) {
        mesh.says("g1", HELD.with(new EgressLoad(100, "192.0.2.10", "", 80, 100, 0, warning)));
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.condition("out", "Saturated")).isEqualTo(condition);
        });
    }

    /** A gateway writes its load every half minute. */
    @Test
    void aLoadThatHardlyChangesIsNoReasonForAPass() {
        mesh.says("g1", HELD.with(new EgressLoad(1_100, "192.0.2.10", "a", 100, 60_000, 0, "")));
        await().until(() -> mesh.tables.reports().snapshot().get("g1").isPresent());
        long before = mesh.tables.reports().snapshot().revision();
        mesh.says("g1", HELD.with(new EgressLoad(1_200, "192.0.2.10", "b", 110, 60_000, 0, "")));
        mesh.says("node1", HELD);
        await().until(() -> mesh.tables.reports().snapshot().get("node1").isPresent());
        assertThat(mesh.tables.reports().snapshot().revision()).isEqualTo(before + 1);
    }

    @Test
    void aPolicyWithAFloatingAddressSaysWhoOwnsItNow() {
        mesh.node("g2", Map.of("egress", "true"));
        mesh.pool("blue", "192.0.2.10-192.0.2.19");
        mesh.tables
                .owners()
                .put(
                        IpAddress.parse("192.0.2.10"),
                        new EgressOwner(new NodeId(Rows.CLUSTER1.name(), "g2"), 3, "out#0", mesh.now));
        mesh.policy("out", 1);
        await().untilAsserted(() -> {
            mesh.pass();
            assertThat(mesh.status("out").gateways())
                    .containsExactly(new EgressPolicyObject.Gateway("g2", "cluster1", "", "192.0.2.10", 64, "g2"));
        });
    }

    @Test
    void aPolicyThatIsMadeAgainIsAnotherOne() {
        programmed();
        Instant first =
                mesh.status("out").conditions().getFirst().lastTransitionTime().orElseThrow();
        mesh.kube.egressPolicies().remove("out");
        mesh.now = mesh.now.plusSeconds(30);
        mesh.says("node1", HELD);
        mesh.says("g1", HELD);
        mesh.policy("out", 1);
        becomes("out", "True InSync: 2 of 2 nodes");
        assertThat(mesh.status("out").conditions().getFirst().lastTransitionTime())
                .contains(first.plusSeconds(30));
    }
}
