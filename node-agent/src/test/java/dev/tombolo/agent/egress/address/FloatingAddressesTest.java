package dev.tombolo.agent.egress.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.agent.egress.EgressTraces;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses on the devices of a node, beside those of its administrator. */
class FloatingAddressesTest {
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.200");

    private final Set<IpAddress> owned = new HashSet<>(Set.of(ADDRESS));
    private final List<String> events = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private TestNamespace node;
    private Netlink netlink;
    private FloatingAddresses addresses;

    private final class Twin implements FloatingAddresses.Ownership {
        @Override
        public boolean isMine(IpAddress address) {
            return owned.contains(address);
        }

        @Override
        public boolean isAnothers(IpAddress address) {
            return !owned.contains(address);
        }

        @Override
        public void gain(IpAddress address) throws IOException {
            events.add("gain, there " + addresses.observe().containsKey(address));
        }

        @Override
        public void announce(IpAddress address, String device) {
            events.add("announce on " + device);
        }

        @Override
        public void remind(Map<IpAddress, String> devices) {
            events.add("remind of " + devices);
        }

        @Override
        public void lose(IpAddress address) throws IOException {
            events.add("lose, there " + addresses.observe().containsKey(address));
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = TestNamespace.create();
        netlink = Netlink.openIn(node.path());
        for (String device : List.of("out0", "out1")) {
            node.run("ip link add " + device + " type veth peer name " + device + "-far");
            node.run("ip link set " + device + " up");
        }
        node.run("ip address add 192.0.2.11/24 dev out0");
        addresses = new FloatingAddresses(netlink, new Twin(), changes::incrementAndGet);
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
            node.close();
        }
    }

    @Test
    void anAddressIsGainedBeforeItIsThereAndAnnouncedWhenItIs() throws IOException {
        addresses.put(ADDRESS, "out0");
        assertThat(addresses.observe()).isEqualTo(Map.of(ADDRESS, "out0"));
        assertThat(events).containsExactly("gain, there false", "announce on out0");
        assertThat(changes).hasValue(1);
        assertThat(node.run("ip -4 -o address show dev out0")).contains("192.0.2.11/24", "192.0.2.200/32");

        addresses.put(ADDRESS, "out1");
        assertThat(addresses.observe()).isEqualTo(Map.of(ADDRESS, "out1"));

        events.clear();
        addresses.remove(ADDRESS);
        addresses.remove(ADDRESS);
        assertThat(addresses.observe()).isEmpty();
        assertThat(events).containsExactly("lose, there true", "lose, there false");
        assertThat(node.run("ip -4 -o address show dev out0")).contains("192.0.2.11/24");
    }

    @Test
    void oneOfIpv6IsToldFromTheAdministrators() throws IOException {
        var ours = IpAddress.parse("2001:db8::200");
        var administrators = IpAddress.parse("2001:db8::11");
        owned.addAll(List.of(ours, administrators));
        node.run("ip address add 2001:db8::11/64 dev out0 nodad");
        addresses.put(ours, "out0");
        addresses.put(administrators, "out0");
        assertThat(addresses.observe()).isEqualTo(Map.of(ours, "out0"));
        addresses.put(ours, "out1");
        assertThat(addresses.observe()).isEqualTo(Map.of(ours, "out1"));

        addresses.remove(ours);
        addresses.remove(administrators);
        FloatingAddresses.removeAll(netlink);
        assertThat(addresses.observe()).isEmpty();
        assertThat(node.run("ip -6 -o address show"))
                .contains("2001:db8::11/64")
                .doesNotContain("2001:db8::200");
    }

    @Test
    void whatEtcdSaysIsAnothersIsNotTaken() throws IOException {
        owned.clear();
        assertThatThrownBy(() -> addresses.put(ADDRESS, "out0")).hasMessageContaining("another node's");
        assertThat(addresses.observe()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void addressesOfTheAdministratorAreNeverTouched() throws IOException {
        owned.add(IpAddress.parse("192.0.2.201"));
        node.run("ip address add 192.0.2.200/24 dev out0");
        assertThat(addresses.observe()).isEmpty();
        addresses.remove(ADDRESS);
        assertThat(node.run("ip -4 -o address show dev out0")).contains("192.0.2.200/24");
        assertThat(addresses.administrators()).contains(ADDRESS);
        addresses.put(IpAddress.parse("192.0.2.201"), "out1");
        assertThat(addresses.administrators()).doesNotContain(IpAddress.parse("192.0.2.201"));
    }

    @Test
    void allOfThemGoWithTheAgentsTraces() throws IOException {
        addresses.put(ADDRESS, "out0");
        EgressTraces.removeAddresses(netlink);
        assertThat(node.run("ip -4 -o address show dev out0"))
                .contains("192.0.2.11")
                .doesNotContain("192.0.2.200");
    }
}
