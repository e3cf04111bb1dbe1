package dev.tombolo.netlink.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.TestNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NftRulesetTest {
    private static final Prefix PODS = Prefix.parse("10.2.0.0/16");
    private static final Prefix INNER = Prefix.parse("10.2.1.0/24");
    private static final Prefix TUNNEL = Prefix.parse("100.64.128.0/18");
    private static final Prefix ONE = Prefix.parse("192.0.2.7");
    private static final Prefix PODS_V6 = Prefix.parse("fd00:2::/48");

    private TestNamespace namespace;
    private NftRuleset ruleset;

    @BeforeEach
    void open() throws IOException {
        namespace = TestNamespace.create();
        ruleset = new NftRuleset(HostCommand.in(namespace.name()), "wg0");
    }

    @AfterEach
    void close() throws IOException {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void rangesAreChangedByTheirDifference() throws IOException {
        ruleset.install();
        ruleset.setRanges(Set.of(PODS, TUNNEL, ONE, PODS_V6));
        assertThat(ruleset.ranges()).containsExactlyInAnyOrder(PODS, TUNNEL, ONE, PODS_V6);
        ruleset.removeRange(TUNNEL);
        ruleset.removeRange(TUNNEL);
        ruleset.addRange(ONE);
        assertThat(ruleset.ranges()).containsExactlyInAnyOrder(PODS, ONE, PODS_V6);
    }

    @Test
    void aRangeInsideAnotherStaysClosedWhenTheOuterOneLeaves() throws IOException {
        ruleset.install();
        ruleset.setRanges(Set.of(PODS, INNER));
        assertThat(ruleset.ranges()).containsExactly(PODS);
        ruleset.removeRange(PODS);
        assertThat(ruleset.ranges()).containsExactly(INNER);
    }

    @Test
    void installingAnewKeepsTheRangesClosed() throws IOException {
        ruleset.install();
        ruleset.addRange(PODS);
        var next = new NftRuleset(HostCommand.in(namespace.name()), "wg0");
        next.install();
        assertThat(next.ranges()).containsExactly(PODS);
    }

    @Test
    void removalLeavesNothingAndIsRepeatable() throws IOException {
        ruleset.install();
        assertThat(ruleset.isInstalled()).isTrue();
        ruleset.remove();
        ruleset.remove();
        assertThat(ruleset.isInstalled()).isFalse();
        assertThat(namespace.run("nft list ruleset")).isBlank();
    }

    @Test
    void whatWouldLeaveInClearIsDroppedAndCounted() throws IOException {
        namespace.run("ip link add up0 type veth peer name up1");
        namespace.run("ip addr add 192.0.2.1/24 dev up0");
        namespace.run("ip link set up0 up");
        namespace.run("ip link set up1 up");
        namespace.run("ip route add default via 192.0.2.254");
        namespace.run("ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:01 dev up0");
        ruleset.install();
        ruleset.addRange(PODS);
        assertThatThrownBy(() -> namespace.run("busybox ping -c 1 -W 1 10.2.0.1"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> namespace.run("busybox ping -c 1 -W 1 10.3.0.1"))
                .isInstanceOf(AssertionError.class);
        assertThat(ruleset.leaksRefused().packets()).isEqualTo(1);
    }

    @Test
    void aForwardPolicyOfDropIsNamedWithItsFix() throws IOException {
        var host = HostCommand.in(namespace.name());
        assertThat(ForwardPolicy.check(host, "wg0")).isEqualTo(new ForwardPolicy.Accept());
        namespace.run("iptables-nft -P FORWARD DROP");
        var drop = (ForwardPolicy.Drop) ForwardPolicy.check(host, "wg0");
        assertThat(drop.where()).isEqualTo("nftables ip filter FORWARD");
        for (String command : drop.fix().split("; ")) {
            namespace.run(command);
        }
        assertThat(ForwardPolicy.check(host, "wg0")).isEqualTo(new ForwardPolicy.Accept());
    }

    @Test
    void aLegacyForwardPolicyOfDropIsNamedToo() throws IOException {
        namespace.run("iptables-legacy -P FORWARD DROP");
        assertThat(ForwardPolicy.check(HostCommand.in(namespace.name()), "wg0"))
                .isEqualTo(new ForwardPolicy.Drop(
                        "iptables-legacy filter FORWARD",
                        "iptables-legacy -I FORWARD -i wg0 -j ACCEPT; iptables-legacy -I FORWARD -o wg0 -j ACCEPT"));
    }

    @Test
    void theCoverHoldsEveryRangeOnce() {
        assertThat(RangeCover.of(List.of(INNER, ONE, PODS, PODS_V6))).containsExactlyInAnyOrder(PODS, ONE, PODS_V6);
    }
}
