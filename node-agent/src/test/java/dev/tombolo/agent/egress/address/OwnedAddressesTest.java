package dev.tombolo.agent.egress.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.egress.failover.OwnerRecords;
import dev.tombolo.agent.egress.network.FloatingMark;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvException.Kind;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.AddressAnnouncer;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does about an address that another one may take at any moment. */
class OwnedAddressesTest {
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.7");

    private final List<String> events = new ArrayList<>();
    private boolean mine = true;
    private boolean away;
    private TestNamespace near;
    private TestNamespace far;
    private Netlink netlink;
    private Announcements announcements;
    private OwnedAddresses owned;

    private final class Twin implements OwnedAddresses.Fence, OwnerRecords {
        @Override
        public void open(IpAddress address) {
            events.add("open");
        }

        @Override
        public void close(IpAddress address) {
            events.add("close");
        }

        @Override
        public boolean isMine(IpAddress address) throws KvException {
            events.add("ask");
            if (away) {
                throw new KvException(Kind.UNREACHABLE, "etcd is away");
            }
            return mine;
        }

        @Override
        public boolean isAnothers(IpAddress address) throws KvException {
            return !isMine(address);
        }
    }

    @BeforeEach
    void connect() throws IOException {
        near = TestNamespace.create();
        far = TestNamespace.create();
        near.run("ip link add v0 type veth peer name v1 netns " + far.name());
        far.run("ip link set v1 up");
        near.run("ip link set v0 up");
        far.run("nft add table arp t");
        far.run("nft add chain arp t in { type filter hook input priority 0 ; }");
        far.run("nft add rule arp t in arp saddr ip 192.0.2.7 counter");
        netlink = Netlink.openIn(near.path());
        announcements = new Announcements(netlink, AddressAnnouncer.openIn(near.path()));
        owned = new OwnedAddresses(new Twin(), new Twin(), announcements);
    }

    @AfterEach
    void close() throws IOException {
        if (announcements != null) {
            announcements.close();
            netlink.close();
            near.close();
            far.close();
        }
    }

    private boolean isAnnounced() throws IOException {
        return !far.run("nft list chain arp t in").contains("packets 0 ");
    }

    @Test
    void whoGainsAnAddressAsksAgainOnceTheFenceIsOpen() throws IOException {
        owned.gain(ADDRESS);
        assertThat(events).containsExactly("open", "ask");
    }

    /** Its successor announced it while the fence was not open yet: nobody will hear that again. */
    @Test
    void whatWasLostAgainMeanwhileIsNotGained() {
        mine = false;
        assertThatThrownBy(() -> owned.gain(ADDRESS)).hasMessageContaining("another node's");
        assertThat(events).containsExactly("open", "ask", "close");
    }

    @Test
    void withoutEtcdTheFenceDoesNotStayOpen() {
        away = true;
        assertThatThrownBy(() -> owned.gain(ADDRESS)).hasMessageContaining("etcd is away");
        assertThat(events).containsExactly("open", "ask", "close");
    }

    @Test
    void anAddressIsAnnouncedOnlyOnTheDeviceThatHasIt() throws IOException {
        owned.remind(Map.of(ADDRESS, "v0"));
        netlink.addresses().add(FloatingMark.marked(ADDRESS, "lo"));
        owned.remind(Map.of(ADDRESS, "v0"));
        assertThat(isAnnounced()).isFalse();
        netlink.addresses().add(FloatingMark.marked(ADDRESS, "v0"));
        await().until(() -> {
            owned.remind(Map.of(ADDRESS, "v0"));
            return isAnnounced();
        });
    }
}
