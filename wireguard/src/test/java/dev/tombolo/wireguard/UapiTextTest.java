package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UapiTextTest {
    private static final String HEX_KEY = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
    private static final WireGuardKey KEY = WireGuardKey.of(HexFormat.of().parseHex(HEX_KEY));
    private static final Prefix PODS = Prefix.parse("10.2.0.0/24");
    private static final Prefix OTHER = Prefix.parse("10.3.0.0/24");
    private static final WireGuardPeer PEER = new WireGuardPeer(
            KEY, Optional.of(SocketEndpoint.parse("[2001:db8::1]:51871")), Set.of(PODS), Duration.ofSeconds(20));

    @Test
    void aNewPeerIsSentWhole() {
        assertThat(UapiText.change(PeerDelta.between(Optional.empty(), PEER)))
                .isEqualTo("set=1\npublic_key=" + HEX_KEY + "\nendpoint=[2001:db8::1]:51871\n"
                        + "persistent_keepalive_interval=20\nallowed_ip=10.2.0.0/24\n\n");
    }

    @Test
    void aKnownPeerIsSentItsDifference() {
        var wanted = new WireGuardPeer(KEY, PEER.endpoint(), Set.of(PODS, OTHER), PEER.keepalive());
        assertThat(UapiText.change(PeerDelta.between(Optional.of(PEER), wanted)))
                .isEqualTo("set=1\npublic_key=" + HEX_KEY + "\nallowed_ip=10.3.0.0/24\n\n");
    }

    @Test
    void aRangeLeavesByWayOfAPeerThatIsNobody() {
        var wanted = new WireGuardPeer(KEY, PEER.endpoint(), Set.of(), PEER.keepalive());
        String text = UapiText.change(PeerDelta.between(Optional.of(PEER), wanted));
        assertThat(text)
                .matches("set=1\npublic_key=(\\w{64})\nallowed_ip=10.2.0.0/24\npublic_key=\\1\nremove=true\n\n")
                .doesNotContain(HEX_KEY)
                .doesNotContain("replace_allowed_ips");
    }

    @Test
    void aStateIsReadAndNewerKeysAreIgnored() {
        var state = UapiText.state("listen_port=51871\npublic_key=" + HEX_KEY
                + "\nsomething_new=1\nendpoint=192.0.2.1:7\nlast_handshake_time_sec=5\nlast_handshake_time_nsec=6\n"
                + "tx_bytes=3\nrx_bytes=4\npersistent_keepalive_interval=0\nallowed_ip=10.2.0.0/24\nerrno=0\n\n");
        assertThat(state.publicKey()).isEmpty();
        var peer = state.peers().get(KEY);
        assertThat(peer.lastHandshake()).contains(Instant.ofEpochSecond(5, 6));
        assertThat(peer.rxBytes()).isEqualTo(4);
        assertThat(peer.peer().endpoint()).contains(SocketEndpoint.parse("192.0.2.1:7"));
        assertThat(peer.peer().allowedIps()).containsExactly(PODS);
    }

    @Test
    void refusalsHaveANumber() throws IOException {
        assertThat(UapiText.errno("errno=-22\n\n")).isEqualTo(22);
        assertThatThrownBy(() -> UapiText.errno("\n\n")).isInstanceOf(IOException.class);
    }
}
