package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What IPv6 knows of an address beyond what IPv4 does, against the kernel. */
class Ipv6AddressTest {
    private static final InterfaceAddress OWN = new InterfaceAddress("v0", IpAddress.parse("2001:db8::1"), 64);
    private static final InterfaceAddress MARKED = InterfaceAddress.host("v0", IpAddress.parse("2001:db8::7"))
            .withMetric(7_101)
            .deprecated();

    private TestNamespace near;
    private TestNamespace far;
    private Netlink netlink;

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 type veth peer name v1 netns " + far.name());
        near.run("ip link set v0 up");
        far.run("ip link set v1 up");
        netlink = Netlink.openIn(near.path());
        netlink.addresses().add(OWN);
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
            near.close();
            far.close();
        }
    }

    @Test
    void aMarkedAddressIsThereAndNoProgramGetsIt() throws IOException {
        netlink.addresses().add(MARKED);
        netlink.addresses().add(MARKED);
        assertThat(netlink.addresses().list("v0")).contains(OWN, MARKED);
        // By the longest match it would be the one for its neighbour.
        assertThat(near.run("ip -6 route get 2001:db8::6")).contains("src 2001:db8::1");
        assertThat(near.run("ip -6 route show table main")).doesNotContain("2001:db8::7");
        netlink.addresses().delete(MARKED);
        netlink.addresses().delete(MARKED);
        assertThat(netlink.addresses().list("v0")).contains(OWN).doesNotContain(MARKED);
    }

    @Test
    void oneThatIsThereAlreadyStaysAsItIs() throws IOException {
        var same = InterfaceAddress.host("v0", OWN.address()).withMetric(7_101).deprecated();
        netlink.addresses().add(same);
        assertThat(netlink.addresses().list("v0")).contains(OWN).doesNotContain(same);
    }

    @Test
    void whatAnotherMachineHasIsNotListed() throws IOException {
        far.run("ip address add 2001:db8::9/64 dev v1 nodad");
        near.run("ip address add 2001:db8::9/64 dev v0");
        await().until(() -> near.run("ip -6 address show dev v0").contains("dadfailed"));
        assertThat(netlink.addresses().list("v0"))
                .noneMatch(own -> own.address().equals(IpAddress.parse("2001:db8::9")));
    }

    @Test
    void oneThatIsToGoOrChangesByItselfIsNotPreferred() throws IOException {
        near.run("ip address add 2001:db8::5/64 dev v0 preferred_lft 0 nodad");
        assertThat(netlink.addresses().list("v0"))
                .contains(new InterfaceAddress("v0", IpAddress.parse("2001:db8::5"), 64).deprecated());
    }
}
