package dev.tombolo.agent.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.status.Problems;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TunnelPlansTest {
    private static final OwnTunnel OWN = new OwnTunnel("wg", Optional.of(IpAddress.parse("100.64.64.1")), 1420);

    private static MeshNode node(String name, List<Prefix> ranges) {
        return new MeshNode(
                new NodeId(new ClusterName("west"), name),
                new ClusterId(2),
                List.of(IpAddress.parse("192.0.2.11")),
                List.of(),
                List.of(IpAddress.parse("100.64.128.1")),
                ranges,
                Optional.of(WireGuardKey.of(new byte[32])),
                0,
                Map.of(),
                "");
    }

    @Test
    void aRangeThatHoldsTheEndpointItselfIsNeverAllowed() {
        var ranges = List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("10.2.1.0/24"));
        assertThat(WireGuardPlan.peer(List.of(node("n1", ranges)), List.of())
                        .orElseThrow()
                        .allowed())
                .containsExactly(Prefix.parse("10.2.1.0/24"), Prefix.parse("100.64.128.1/32"));
    }

    @Test
    void theFirstNodeKeepsAKeyThatTwoPublish() {
        var claimants = List.of(node("n1", List.of()), node("n2", List.of()));
        assertThat(WireGuardPlan.peer(claimants, List.of()).orElseThrow().node().name())
                .isEqualTo("n1");
    }

    @Test
    void withoutATunnelAddressRangesAreOnlyClosed() {
        var ranges = List.of(Prefix.parse("10.2.0.0/16"));
        assertThat(RoutePlan.routes(ranges, new OwnTunnel("wg", Optional.empty(), 1420), Map.of()))
                .isEqualTo(Map.of(ranges.getFirst(), new TunnelRoute("wg", Optional.empty(), 1420)));
    }

    @Test
    void nothingForARemoteRangeLeavesByAnotherDevice() {
        assertThat(NftPlan.rules(List.of(Prefix.parse("10.2.0.0/16")), OWN))
                .contains("elements = { 10.2.0.0/16 }")
                .contains("ip daddr @remote oifname != { \"wg\", \"lo\" } counter drop")
                .contains("priority 99")
                .contains("maxseg size set 1380");
    }

    @Test
    void aRangeOfTheOtherFamilyIsOnlyClosed() {
        var range = Prefix.parse("fd00:2::/64");
        assertThat(RoutePlan.routes(List.of(range), OWN, Map.of()))
                .isEqualTo(Map.of(range, new TunnelRoute("wg", Optional.empty(), 1420)));
    }

    @Test
    void forwardDropIsNamedWithItsFix() {
        var drop = new ForwardPolicy.Drop("nftables ip filter FORWARD", "iptables -I FORWARD -i wg -j ACCEPT");
        assertThat(Problems.ofForwardPolicy(drop, "wg"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).isEqualTo(drop.fix()));
        assertThat(Problems.ofForwardPolicy(new ForwardPolicy.Accept(), "wg")).isEmpty();
    }
}
