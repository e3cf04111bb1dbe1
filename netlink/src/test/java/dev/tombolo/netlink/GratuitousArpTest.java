package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel: two namespaces and a wire between them. */
class GratuitousArpTest {
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.7");
    private static final String OWN_MAC = "02:00:00:00:00:01";
    private static final String OTHER_MAC = "02:00:00:00:00:99";

    private TestNamespace near;
    private TestNamespace far;
    private GratuitousArp arp;

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 address " + OWN_MAC + " type veth peer name v1 netns " + far.name());
        far.run("ip address add 192.0.2.2/24 dev v1");
        near.run("ip link set v0 up");
        far.run("ip link set v1 up");
        arp = GratuitousArp.openIn(near.path());
    }

    @AfterEach
    void close() throws IOException {
        if (arp != null) {
            arp.close();
            near.close();
            far.close();
        }
    }

    @Test
    void theLinkLearnsWhereTheAddressIsNow() throws IOException {
        far.run("ip neigh replace 192.0.2.7 lladdr " + OTHER_MAC + " dev v1 nud reachable");
        int device = device("v0");
        await().untilAsserted(() -> {
            arp.announce(device, ADDRESS);
            assertThat(far.run("ip neigh show 192.0.2.7")).contains(OWN_MAC).doesNotContain(OTHER_MAC);
        });
    }

    @Test
    void itComesAsAQuestionAndAsAnAnswer() throws IOException {
        far.run("nft add table arp t");
        far.run("nft add chain arp t in { type filter hook input priority 0 ; }");
        for (var form : new String[] {"request", "reply"}) {
            far.run("nft add rule arp t in arp operation " + form
                    + " arp saddr ip 192.0.2.7 arp daddr ip 192.0.2.7 arp saddr ether " + OWN_MAC + " counter");
        }
        int device = device("v0");
        await().untilAsserted(() -> {
            arp.announce(device, ADDRESS);
            assertThat(far.run("nft list chain arp t in"))
                    .contains("operation request", "operation reply")
                    .doesNotContain("packets 0 ");
        });
    }

    @Test
    void refusalsAreSentences() throws IOException {
        assertThatThrownBy(() -> arp.announce(4_711, ADDRESS))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("announcing of 192.0.2.7 on device 4711 refused: ENODEV (no such device)");
        int loopback = device("lo");
        assertThatThrownBy(() -> arp.announce(loopback, ADDRESS)).hasMessageContaining("EOPNOTSUPP");
        near.run("ip link set v0 down");
        int down = device("v0");
        assertThatThrownBy(() -> arp.announce(down, ADDRESS)).hasMessageContaining("ENETDOWN");
        assertThatThrownBy(() -> arp.announce(down, IpAddress.parse("2001:db8::7")))
                .isInstanceOf(IllegalArgumentException.class);
        arp.close();
        assertThatThrownBy(() -> arp.announce(down, ADDRESS)).isInstanceOf(IllegalStateException.class);
    }

    private int device(String name) throws IOException {
        try (var netlink = Netlink.openIn(near.path())) {
            return netlink.links().find(name).orElseThrow().index();
        }
    }
}
