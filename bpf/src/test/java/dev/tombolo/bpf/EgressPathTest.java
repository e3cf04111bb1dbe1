package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressFence;
import dev.tombolo.bpf.egress.EgressFenceKey;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod, its node, a gateway and a server outside, in namespaces, with real WireGuard between the nodes. */
@Timeout(120)
class EgressPathTest {
    private static final String EGRESS = "203.0.113.7";
    private static final String SERVER = "203.0.113.9";
    private static final String NODE = "203.0.113.2";
    private static final EgressSourceKey POD = new EgressSourceKey(IpAddress.parse("10.1.0.2"));
    private static final EgressGatewayKey GATEWAY = new EgressGatewayKey(11);

    private EgressTopology net;

    @BeforeEach
    void build() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        net = new EgressTopology();
        var node = net.node().maps();
        node.gateways().put(GATEWAY, EgressGateway.remote(net.ifindexOfSourceCarrier(), EgressTopology.CARRIER_MTU));
        node.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(11)));
        policy(node);
        var gateway = net.gateway().maps();
        address(gateway, EGRESS, net.ifindexOfGatewayUplink());
        policy(gateway);
        net.attach();
    }

    @AfterEach
    void close() throws Exception {
        if (net != null) {
            net.close();
        }
    }

    private static void policy(EgressMaps maps) throws Exception {
        for (int set : List.of(EgressRuleKey.UNION, 7)) {
            maps.rules()
                    .put(
                            EgressRuleKey.of(set, Prefix.parse(SERVER + "/32")),
                            new EgressRule(EgressAction.GATEWAY, 1, 70));
        }
        maps.sources().put(POD, EgressSource.ofSet(7));
    }

    private static void address(EgressMaps maps, String address, int ifindex) throws Exception {
        maps.addresses()
                .put(new EgressAddressKey(1, 4), new EgressAddress(IpAddress.parse(address), ifindex, 32_768, 60_999));
    }

    /** The gateway neither forwards nor accepts what is forwarded. */
    @Test
    void theServerSeesTheEgressAddressAndNoOther() throws Exception {
        assertThat(net.client("tcp", EgressPeer.PORT, 300_000)).isEqualTo(EGRESS + " 300000");
        assertThat(net.client("udp", EgressPeer.PORT, 100)).isEqualTo(EGRESS + " 100");
        assertThat(net.client("udp", EgressPeer.PORT, 3_000)).isEqualTo(EGRESS + " 3000");
        assertThat(net.ping("-c 3 -i 0.2 -W 2")).contains(" 3 received");
        // The far side's error comes back by what it quotes.
        assertThat(net.client("udp", EgressPeer.PORT + 1, 100)).isEqualTo("port unreachable");
        assertThat(net.strangersAtServer()).isZero();
    }

    /** As without a policy: packets leave by the node's uplink and come back by it, and a CNI's rules decide on them. */
    @Test
    void theFirewallOfThePodsNodeDecides() throws Exception {
        net.masquerade();
        net.keepSources();
        net.allowOnly(EgressPeer.PORT);
        assertThat(net.client("tcp", EgressPeer.PORT, 300_000)).isEqualTo(EGRESS + " 300000");
        assertThat(net.ping("-c 2 -i 0.2 -W 1")).contains(" 0 received");
        assertThat(net.strangersAtServer()).isZero();
        assertThat(net.invalidAtNode()).isZero();
    }

    /** As by one that took over from a gateway which died with its state. */
    @ParameterizedTest
    @ValueSource(ints = {100, 300_000})
    void aConnectionThatAGatewayDoesNotKnowIsResetAtOnce(int bytes) throws Exception {
        var connection = net.holdConnection(bytes);
        forgetTranslations(net.gateway().maps());
        assertThat(EgressTopology.goOn(connection)).isEqualTo("reset");
        assertThat(net.client("udp", EgressPeer.PORT, 100)).isEqualTo(EGRESS + " 100");
    }

    /** Also where the server's segment is there before the pod's, and the owner's stack knows no such connection. */
    @Test
    void aConnectionGoesOnAtTheNextOwnerOfAnAddressThatMoves() throws Exception {
        net.gateway().maps().fence().put(new EgressFenceKey(IpAddress.parse(EGRESS)), EgressFence.OWNED);
        for (var end : List.of(net.node(), net.gateway())) {
            end.maps()
                    .rules()
                    .put(
                            EgressRuleKey.of(7, Prefix.parse(SERVER + "/32")),
                            new EgressRule(EgressAction.GATEWAY, 1, 70, EgressRule.FOLLOWS));
        }
        var connection = net.holdConnection(300_000);
        // What is under way begins the flow anew, until the pod is silent.
        await().until(() -> {
            forgetTranslations(net.gateway().maps());
            return net.gateway().counters().byReason().stream()
                    .anyMatch(counter -> counter.reason().equals("DROP_UNKNOWN_CONNECTION") && counter.packets() > 0);
        });
        assertThat(EgressTopology.goOn(connection)).isEqualTo(EGRESS + " 300000");
    }

    @Test
    void aConnectionWhoseGatewayIsGoneIsResetWhereThePodIs() throws Exception {
        var connection = net.holdConnection(300_000);
        address(net.node().maps(), NODE, net.ifindexOfNodeUplink());
        net.node().maps().gateways().put(new EgressGatewayKey(12), EgressGateway.LOCAL);
        net.node().maps().groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(12)));
        net.node().maps().gateways().delete(GATEWAY);
        assertThat(EgressTopology.goOn(connection)).isEqualTo("reset");
        assertThat(net.client("udp", EgressPeer.PORT, 100)).isEqualTo(NODE + " 100");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300_000})
    void aConnectionOfAPodOfTheGatewayItselfThatIsNotKnownIsResetAtOnce(int bytes) throws Exception {
        address(net.node().maps(), NODE, net.ifindexOfNodeUplink());
        net.node().maps().gateways().put(GATEWAY, EgressGateway.LOCAL);
        var connection = net.holdConnection(bytes);
        forgetTranslations(net.node().maps());
        assertThat(EgressTopology.goOn(connection)).isEqualTo("reset");
    }

    /** The halves inward first: a flow that begins anew beside its old one would find its port taken. */
    private static void forgetTranslations(EgressMaps maps) throws Exception {
        var all = maps.translations().entries().keySet();
        maps.translations()
                .deleteAll(all.stream().filter(half -> !half.isOutward()).toList());
        maps.translations()
                .deleteAll(all.stream().filter(EgressTuple::isOutward).toList());
    }

    /** No process of the gateway has any part in it, and its kernel has no such address. */
    @Test
    void theGatewaysProgramAnswersWhetherItIsThere() throws Exception {
        assertThat(net.probe()).contains(" 3 received");
        for (var end : List.of(net.node(), net.gateway())) {
            assertThat(end.counters().byReason())
                    .filteredOn(counter -> counter.reason().equals("PROBE") && counter.packets() > 0)
                    .extracting(Counters.Counter::packets)
                    .containsExactly(3L);
        }
    }

    @Test
    void aGatewayStopsByItselfWhenAnotherMachineAnnouncesItsAddress() throws Exception {
        var key = new EgressFenceKey(IpAddress.parse(EGRESS));
        var fence = net.gateway().maps().fence();
        fence.put(key, EgressFence.OWNED);
        assertThat(net.ping("-c 1 -W 2")).contains(" 1 received");
        var successor = net.successor();
        var turn = new AtomicInteger();
        await().until(() -> {
            successor.run("ip link set up0 address 02:00:00:00:01:0" + turn.incrementAndGet() % 10);
            return fence.lookup(key).orElseThrow().isDeposed();
        });
        assertThat(net.ping("-c 2 -i 0.2 -W 1")).contains(" 0 received");
        assertThat(net.gateway().counters().byReason())
                .filteredOn(counter -> counter.reason().equals("DROP_DEPOSED"))
                .extracting(Counters.Counter::packets)
                .contains(2L);
        successor.run("ip link set up0 down");
        fence.put(key, EgressFence.OWNED);
        net.forgetNeighboursAtServer();
        assertThat(net.ping("-c 1 -W 2")).contains(" 1 received");
    }

    @Test
    void thePodIsToldWhatTheCarrierCanCarry() throws Exception {
        int headers = 28;
        assertThat(net.ping("-c 2 -i 0.2 -W 1 -M do -s " + (EgressTopology.CARRIER_MTU - headers + 1)))
                .containsIgnoringCase("mtu")
                .contains(" 0 received");
        assertThat(net.ping("-c 1 -W 2 -M do -s " + (EgressTopology.CARRIER_MTU - headers)))
                .contains(" 1 received");
        assertThat(net.strangersAtServer()).isZero();
    }

    /** Who sends is told by an error that its kernel believes, whoever was to finish the checksum of what it sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNarrowWayTakesWhatPodsAndServersSend(boolean outward) throws Exception {
        int mtu = 1_300;
        if (outward) {
            net.node().maps().gateways().put(GATEWAY, EgressGateway.narrow(net.ifindexOfSourceCarrier(), mtu));
        } else {
            net.gateway()
                    .maps()
                    .internal()
                    .put(EgressInternalKey.of(Prefix.parse("10.1.0.0/24")), new EgressInternal(mtu));
        }
        assertThat(net.client("tcp", EgressPeer.PORT, 300_000)).isEqualTo(EGRESS + " 300000");
        // The first one is lost: by it its sender learns.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> net.client("udp", EgressPeer.PORT, 1_350).equals(EGRESS + " 1350"));
        assertThat(outward ? net.pathOfPod() : net.pathOfServer()).contains("mtu " + mtu);
        assertThat(net.strangersAtServer()).isZero();
    }

    @Test
    void nothingOfAPodThatIsHeldOrWithoutAGatewayLeaves() throws Exception {
        net.node().maps().sources().put(POD, EgressSource.HELD);
        assertThat(net.ping("-c 2 -i 0.2 -W 1")).contains(" 0 received");
        net.node().maps().sources().put(POD, EgressSource.ofSet(7));
        net.node().maps().gateways().delete(GATEWAY);
        assertThat(net.ping("-c 2 -i 0.2 -W 1")).contains(" 0 received");
        net.node().maps().gateways().put(GATEWAY, EgressGateway.LOCAL);
        net.masquerade();
        assertThat(net.ping("-c 2 -i 0.2 -W 1")).contains(" 0 received");
        assertThat(net.strangersAtServer()).isZero();
        assertThat(net.node().counters().byReason())
                .filteredOn(counter -> counter.packets() == 2)
                .extracting(Counters.Counter::reason)
                .contains("DROP_HELD", "DROP_NO_GATEWAY", "DROP_UNTRANSLATED");
    }

    @Test
    void aPodOfTheGatewayItselfLeavesByTheEgressAddressToo() throws Exception {
        address(net.node().maps(), NODE, net.ifindexOfNodeUplink());
        net.node().maps().gateways().put(GATEWAY, EgressGateway.LOCAL);
        assertThat(net.client("tcp", EgressPeer.PORT, 300_000)).isEqualTo(NODE + " 300000");
        assertThat(net.client("udp", EgressPeer.PORT, 3_000)).isEqualTo(NODE + " 3000");
        assertThat(net.ping("-c 3 -i 0.2 -W 2")).contains(" 3 received");
        assertThat(net.client("udp", EgressPeer.PORT + 1, 100)).isEqualTo("port unreachable");
        assertThat(net.node().maps().translations().count()).isPositive().isEven();
    }
}
