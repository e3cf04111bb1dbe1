package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the kernel: two namespaces and a wire between them. */
class AddressAnnouncerTest {
    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.7");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::7");
    private static final String OWN_MAC = "02:00:00:00:00:01";
    private static final String OTHER_MAC = "02:00:00:00:00:99";

    private TestNamespace near;
    private TestNamespace far;
    private AddressAnnouncer announcer;

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 address " + OWN_MAC + " type veth peer name v1 netns " + far.name());
        far.run("ip address add 192.0.2.2/24 dev v1");
        far.run("ip address add 2001:db8::2/64 dev v1 nodad");
        near.run("ip link set v0 up");
        far.run("ip link set v1 up");
        announcer = AddressAnnouncer.openIn(near.path());
    }

    @AfterEach
    void close() throws IOException {
        if (announcer != null) {
            announcer.close();
            near.close();
            far.close();
        }
    }

    /** For IPv6 the kernel looks at the checksum, the hop limit and what overrides. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "2001:db8::7"})
    void theLinkLearnsWhereTheAddressIsNow(String address) throws IOException {
        far.run("ip neigh replace " + address + " lladdr " + OTHER_MAC + " dev v1 nud reachable");
        int device = device("v0");
        await().untilAsserted(() -> {
            announcer.announce(device, IpAddress.parse(address));
            assertThat(far.run("ip neigh show " + address)).contains(OWN_MAC).doesNotContain(OTHER_MAC);
        });
    }

    @Test
    void anIpv4AddressComesAsAQuestionAndAsAnAnswer() throws IOException {
        far.run("nft add table arp t");
        far.run("nft add chain arp t in { type filter hook input priority 0 ; }");
        for (var form : new String[] {"request", "reply"}) {
            far.run("nft add rule arp t in arp operation " + form
                    + " arp saddr ip 192.0.2.7 arp daddr ip 192.0.2.7 arp saddr ether " + OWN_MAC + " counter");
        }
        int device = device("v0");
        await().untilAsserted(() -> {
            announcer.announce(device, IPV4);
            assertThat(far.run("nft list chain arp t in"))
                    .contains("operation request", "operation reply")
                    .doesNotContain("packets 0 ");
        });
    }

    @Test
    void anIpv6AddressIsToldToAllNodesByItself() {
        byte[] mac = HexFormat.of().parseHex("020000000001");
        assertThat(HexFormat.of().formatHex(UnsolicitedAdvertisement.packet(mac, IPV6)))
                .isEqualTo("6000000000203aff" + "20010db8000000000000000000000007" + "ff020000000000000000000000000001"
                        + "8800" + "f91e" + "20000000" + "20010db8000000000000000000000007" + "0201020000000001");
    }

    @Test
    void refusalsAreSentences() throws IOException {
        assertThatThrownBy(() -> announcer.announce(4_711, IPV4))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("announcing of 192.0.2.7 on device 4711 refused: ENODEV (no such device)");
        assertThatThrownBy(() -> announcer.announce(4_711, IPV6))
                .hasMessage("announcing of 2001:db8::7 on device 4711 refused: ENODEV (no such device)");
        int loopback = device("lo");
        assertThatThrownBy(() -> announcer.announce(loopback, IPV4)).hasMessageContaining("EOPNOTSUPP");
        assertThatThrownBy(() -> announcer.announce(loopback, IPV6)).hasMessageContaining("EOPNOTSUPP");
        near.run("ip link set v0 down");
        int down = device("v0");
        assertThatThrownBy(() -> announcer.announce(down, IPV4)).hasMessageContaining("ENETDOWN");
        announcer.close();
        assertThatThrownBy(() -> announcer.announce(down, IPV4)).isInstanceOf(IllegalStateException.class);
    }

    private int device(String name) throws IOException {
        try (var netlink = Netlink.openIn(near.path())) {
            return netlink.links().find(name).orElseThrow().index();
        }
    }
}
