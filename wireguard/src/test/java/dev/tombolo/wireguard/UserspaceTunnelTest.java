package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes in namespaces, real wireguard-go, started as the image starts it. */
class UserspaceTunnelTest {
    private static final Prefix PODS_A = Prefix.parse("10.1.0.0/24");
    private static final Prefix PODS_B = Prefix.parse("10.2.0.0/24");
    private static final Prefix MORE_B = Prefix.parse("10.2.1.0/24");
    private static final Prefix V6_B = Prefix.parse("fd00:2::/64");

    private List<TunnelNode> nodes = List.of();
    private TunnelNode a;
    private TunnelNode b;

    @BeforeEach
    void connect() throws IOException {
        nodes = TunnelNode.pair();
        a = nodes.get(0);
        b = nodes.get(1);
        b.run("ip addr add 10.2.0.1/32 dev lo");
        b.run("ip addr add 10.2.1.1/32 dev lo");
        a.run("ip route add 10.2.0.0/16 dev " + a.device + " src 100.64.0.1 mtu 1380");
        a.run("ip route add unreachable 10.2.0.0/16 metric 4000");
        b.run("ip route add 100.64.0.1/32 dev " + b.device);
        program(a, b, Set.of(Prefix.parse("100.64.0.2"), PODS_B));
        program(b, a, Set.of(Prefix.parse("100.64.0.1"), PODS_A));
    }

    @AfterEach
    void close() throws IOException {
        for (var node : nodes) {
            node.close();
        }
    }

    private static void program(TunnelNode node, TunnelNode other, Set<Prefix> allowedIps) throws IOException {
        node.wireGuard.configure(node.key, TunnelNode.PORT);
        node.wireGuard.put(peer(other, allowedIps));
    }

    private static WireGuardPeer peer(TunnelNode node, Set<Prefix> allowedIps) {
        return new WireGuardPeer(
                node.key.publicKey(), Optional.of(node.endpoint()), allowedIps, Duration.ofSeconds(20));
    }

    private PeerState bSeenByA() throws IOException {
        return a.wireGuard.read().orElseThrow().peers().get(b.key.publicKey());
    }

    @Test
    void podsAreReachedAndTheStateReadsBackAsWritten() throws IOException {
        await().atMost(Duration.ofSeconds(15)).until(() -> a.pings("10.2.0.1"));
        var state = a.wireGuard.read().orElseThrow();
        assertThat(state.publicKey()).contains(a.key.publicKey());
        assertThat(state.port()).isEqualTo(TunnelNode.PORT);
        assertThat(bSeenByA().peer()).isEqualTo(peer(b, Set.of(Prefix.parse("100.64.0.2"), PODS_B)));
        assertThat(bSeenByA().lastHandshake()).isPresent();
        assertThat(bSeenByA().rxBytes()).isPositive();
    }

    @Test
    void allowedIpsChangeByTheirDifferenceOnALivePeer() throws IOException {
        await().atMost(Duration.ofSeconds(15)).until(() -> a.pings("10.2.0.1"));
        var handshake = bSeenByA().lastHandshake();
        assertThat(a.pings("10.2.1.1")).isFalse();
        a.wireGuard.put(peer(b, Set.of(PODS_B, MORE_B, V6_B)));
        assertThat(a.pings("10.2.1.1")).isTrue();
        a.wireGuard.put(peer(b, Set.of(PODS_B, V6_B)));
        assertThat(a.pings("10.2.1.1")).isFalse();
        assertThat(a.pings("10.2.0.1")).isTrue();
        // The same session all the while, and no trace of the peer that ranges were parked at.
        assertThat(bSeenByA().lastHandshake()).isEqualTo(handshake);
        assertThat(a.wireGuard.read().orElseThrow().peers()).containsOnlyKeys(b.key.publicKey());
        assertThat(bSeenByA().peer().allowedIps()).isEqualTo(new TreeSet<>(Set.of(PODS_B, V6_B)));
    }

    @Test
    void anAllowedIpMovesToAnotherPeerInOneStep() throws IOException {
        var other = PrivateKey.generate().publicKey();
        var endpoint = Optional.of(SocketEndpoint.parse("172.31.0.9:51871"));
        a.wireGuard.put(new WireGuardPeer(other, endpoint, Set.of(PODS_B), Duration.ZERO));
        assertThat(bSeenByA().peer().allowedIps()).doesNotContain(PODS_B);
        a.wireGuard.remove(other);
        a.wireGuard.remove(other);
        assertThat(a.wireGuard.read().orElseThrow().peers()).containsOnlyKeys(b.key.publicKey());
    }

    @Test
    void theProcessMayDieAndNothingLeavesInClear() throws IOException {
        await().atMost(Duration.ofSeconds(15)).until(() -> a.pings("10.2.0.1"));
        a.run("nft add table ip watch");
        a.run("nft add chain ip watch out { type filter hook postrouting priority 200 ; }");
        a.run("nft add rule ip watch out oifname up0 ip daddr 10.2.0.0/16 counter");
        a.run("ip route add default via 172.31.0.2");
        a.killProcess();
        assertThat(a.wireGuard.read()).isEmpty();
        assertThatThrownBy(() -> a.wireGuard.remove(b.key.publicKey()))
                .hasMessageContaining("no user-space WireGuard answers");
        assertThat(a.pings("10.2.0.1")).isFalse();
        assertThat(a.run("ip addr show dev " + a.device)).contains("100.64.0.1/32");
        assertThat(a.run("ip route get 10.2.0.1")).contains("dev " + a.device);

        a.startProcess();
        assertThat(a.wireGuard.read().orElseThrow().publicKey()).isEmpty();
        assertThat(a.pings("10.2.0.1")).isFalse();
        program(a, b, Set.of(Prefix.parse("100.64.0.2"), PODS_B));
        await().atMost(Duration.ofSeconds(15)).until(() -> a.pings("10.2.0.1"));
        assertThat(a.run("nft list table ip watch")).contains("counter packets 0 bytes 0");
    }

    @Test
    void twoHundredPeersAreProgrammedAndReadBack() throws IOException {
        for (int i = 0; i < 200; i++) {
            var key = PrivateKey.generate().publicKey();
            var range = Prefix.parse("10.9." + i + ".0/24");
            a.wireGuard.put(new WireGuardPeer(key, Optional.empty(), Set.of(range), Duration.ZERO));
        }
        assertThat(a.wireGuard.read().orElseThrow().peers()).hasSize(201);
    }
}
