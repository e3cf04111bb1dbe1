package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigTextTest {
    private static final ConfigText CONFIG =
            new ConfigText(Path.of("/usr/local/bin/tombolo-exabgp-bridge"), Path.of("/run/tombolo/exabgp.sock"));

    @Test
    void saysEverythingOfAPeer() {
        var full = peer("a", "192.0.2.2", Optional.of(120), Optional.of("ge\"heim;"), BgpFamily.IPV4, BgpFamily.IPV6);
        assertThat(CONFIG.of(List.of(full))).isEqualTo("""
                # Written by Tombolo, and again whenever peers change.
                process bridge {
                  run /usr/local/bin/tombolo-exabgp-bridge /run/tombolo/exabgp.sock;
                  encoder json;
                }

                neighbor 192.0.2.2 {
                  router-id 192.0.2.1;
                  local-address 192.0.2.1;
                  local-as 64500;
                  peer-as 64501;
                  connect 1179;
                  hold-time 90;
                  md5-base64 true;
                  md5-password "Z2UiaGVpbTs=";
                  outgoing-ttl 2;
                  manual-eor true;
                  group-updates true;
                  adj-rib-in false;
                  capability { graceful-restart 120; nexthop enable; route-refresh disable; asn4 enable; }
                  family { ipv4 unicast; ipv6 unicast; }
                  nexthop { ipv4 unicast ipv6; }
                  api { processes [ bridge ]; neighbor-changes; negotiated; fsm; receive { packets; notification; } send { parsed; notification; } }
                }
                """);
    }

    @Test
    void offersNoMoreThanAPlainRouterKnows() {
        assertThat(CONFIG.of(List.of(peer("a", "192.0.2.2", Optional.empty(), Optional.empty(), BgpFamily.IPV4))))
                .contains("  capability { route-refresh disable; asn4 enable; }\n  family { ipv4 unicast; }\n  api")
                .doesNotContain("md5")
                .doesNotContain("nexthop");
    }

    @Test
    void isTheSameInWhateverOrderPeersCome() {
        var one = peer("a", "192.0.2.2", Optional.empty(), Optional.empty(), BgpFamily.IPV4);
        var other = peer("b", "192.0.2.3", Optional.empty(), Optional.empty(), BgpFamily.IPV4);
        assertThat(CONFIG.of(List.of(one, other))).isEqualTo(CONFIG.of(List.of(other, one)));
    }

    private static BgpPeer peer(
            String name, String address, Optional<Integer> restart, Optional<String> password, BgpFamily... families) {
        return new BgpPeer(
                new PeerId("main", name),
                new Asn(64500),
                new Asn(64501),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse(address),
                1179,
                Duration.ofSeconds(90),
                2,
                restart.map(Duration::ofSeconds),
                password.map(BgpPeer.Password::new),
                new TreeSet<>(Set.of(families)));
    }
}
