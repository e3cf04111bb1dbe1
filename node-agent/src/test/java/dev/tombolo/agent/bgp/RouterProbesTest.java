package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RouterProbesTest {
    @Test
    void tellsARouterThatListensFromOneThatDoesNot() throws IOException {
        int port;
        try (var router = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = router.getLocalPort();
            assertThat(RouterProbes.ask(at("127.0.0.1", "127.0.0.1", port))).isEqualTo(new RouterAnswer.Taken());
        }
        assertThat(RouterProbes.ask(at("127.0.0.1", "127.0.0.1", port))).isEqualTo(new RouterAnswer.Refused());
    }

    @Test
    void saysWhyThereIsNoWay() {
        assertThat(RouterProbes.ask(at("192.0.2.9", "192.0.2.1", 179)))
                .as("an address that this host does not have")
                .isInstanceOf(RouterAnswer.NoWay.class);
    }

    private static BgpPeer at(String from, String to, int port) {
        return new BgpPeer(
                new PeerId("main", "tor"),
                new Asn(64_500),
                new Asn(64_501),
                IpAddress.parse("192.0.2.9"),
                IpAddress.parse(from),
                IpAddress.parse(to),
                port,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(List.of(BgpFamily.IPV4)));
    }
}
