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

/** Against the kernel: two namespaces and a wire between them. */
class UnsolicitedAdvertisementTest {
    private static final IpAddress ADDRESS = IpAddress.parse("2001:db8::7");
    private static final String OWN_MAC = "02:00:00:00:00:01";
    private static final String OTHER_MAC = "02:00:00:00:00:99";

    private TestNamespace near;
    private TestNamespace far;
    private UnsolicitedAdvertisement advertisement;

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 address " + OWN_MAC + " type veth peer name v1 netns " + far.name());
        far.run("ip address add 2001:db8::2/64 dev v1 nodad");
        near.run("ip link set v0 up");
        far.run("ip link set v1 up");
        advertisement = UnsolicitedAdvertisement.openIn(near.path());
    }

    @AfterEach
    void close() throws IOException {
        if (advertisement != null) {
            advertisement.close();
            near.close();
            far.close();
        }
    }

    /** The kernel looks at the checksum, the hop limit and what overrides. */
    @Test
    void theLinkLearnsWhereTheAddressIsNow() throws IOException {
        far.run("ip neigh replace 2001:db8::7 lladdr " + OTHER_MAC + " dev v1 nud reachable");
        int device = device("v0");
        await().untilAsserted(() -> {
            advertisement.announce(device, ADDRESS);
            assertThat(far.run("ip neigh show 2001:db8::7")).contains(OWN_MAC).doesNotContain(OTHER_MAC);
        });
    }

    @Test
    void itIsToAllNodesAndOfTheAddressItself() {
        byte[] mac = HexFormat.of().parseHex("020000000001");
        assertThat(HexFormat.of().formatHex(UnsolicitedAdvertisement.packet(mac, ADDRESS)))
                .isEqualTo("6000000000203aff" + "20010db8000000000000000000000007" + "ff020000000000000000000000000001"
                        + "8800" + "f91e" + "20000000" + "20010db8000000000000000000000007" + "0201020000000001");
    }

    @Test
    void refusalsAreSentences() throws IOException {
        assertThatThrownBy(() -> advertisement.announce(4_711, ADDRESS))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("announcing of 2001:db8::7 on device 4711 refused: ENODEV (no such device)");
        int loopback = device("lo");
        assertThatThrownBy(() -> advertisement.announce(loopback, ADDRESS)).hasMessageContaining("EOPNOTSUPP");
        assertThatThrownBy(() -> advertisement.announce(loopback, IpAddress.parse("192.0.2.7")))
                .isInstanceOf(IllegalArgumentException.class);
        advertisement.close();
        assertThatThrownBy(() -> advertisement.announce(loopback, ADDRESS)).isInstanceOf(IllegalStateException.class);
    }

    private int device(String name) throws IOException {
        try (var netlink = Netlink.openIn(near.path())) {
            return netlink.links().find(name).orElseThrow().index();
        }
    }
}
