package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.netlink.Netlink;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel answers packets of IPv6 by that are too big for a carrier. */
class CarrierIpv6Test {
    private static final String CARRIER = "tombolo-eg3";
    private static final int TABLE = 7_101;

    private TestNamespace node;
    private Netlink netlink;
    private CarrierIpv6 ipv6;

    @BeforeEach
    void open() throws IOException {
        node = TestNamespace.create();
        netlink = Netlink.openIn(node.path());
        node.run("ip link add " + CARRIER + " type veth peer name far");
        ipv6 = new CarrierIpv6(netlink, TABLE, 0x2000);
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
            node.close();
        }
    }

    private void ensure(int mtu) throws IOException {
        ipv6.ensure(CARRIER, mtu, netlink.routes().list(TABLE));
    }

    @Test
    void whatIsMarkedIsRoutedWithTheCarriersMtu() throws IOException {
        node.run("ip link set " + CARRIER + " up");
        ensure(1_420);
        ensure(1_340);
        ensure(1_340);
        assertThat(node.run("ip -6 rule")).containsOnlyOnce("fwmark 0x2000/0x2000 lookup 7101");
        assertThat(node.run("ip -6 route show table 7101"))
                .contains("default dev " + CARRIER)
                .contains("mtu 1340")
                .doesNotContain("1420");
        assertThat(node.run("ip -6 route get 2001:db8::9 mark 0x2000")).contains(CARRIER);
    }

    @Test
    void aDeviceWithoutIpv6NeedsNone() throws IOException {
        node.run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        node.run("ip link set " + CARRIER + " up");
        ensure(1_420);
        assertThat(netlink.routes().list(TABLE)).isEmpty();
    }
}
