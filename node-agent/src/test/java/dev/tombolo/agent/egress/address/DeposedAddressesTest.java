package dev.tombolo.agent.egress.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Addresses that a node has lost as floating ones, and that its administrator has put on a device. */
class DeposedAddressesTest {
    private static final IpAddress OF_A_POOL = IpAddress.parse("192.0.2.7");
    private static final IpAddress OF_NO_POOL = IpAddress.parse("192.0.2.8");
    private static final IpAddress NOT_HERE = IpAddress.parse("192.0.2.9");

    private interface Close {
        void run() throws IOException;
    }

    private final Deque<Close> closing = new ArrayDeque<>();
    private final Set<IpAddress> ofPools = ConcurrentHashMap.newKeySet();
    private Fences fences;

    /** Nobody floats here. */
    private static final class Nobody implements FloatingAddresses.Ownership {
        @Override
        public boolean isMine(IpAddress address) {
            return false;
        }

        @Override
        public boolean isAnothers(IpAddress address) {
            return false;
        }

        @Override
        public void gain(IpAddress address) throws IOException {
            throw new IOException(address + " is nobody's");
        }

        @Override
        public void announce(IpAddress address, String device) {
            throw new IllegalStateException("announced " + address);
        }

        @Override
        public void remind(Map<IpAddress, String> devices) {
            throw new IllegalStateException("reminded of " + devices);
        }

        @Override
        public void lose(IpAddress address) {
            throw new IllegalStateException("lost " + address);
        }
    }

    @BeforeEach
    void watch() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        var node = TestNamespace.create();
        closing.push(node::close);
        node.run("ip link add out0 type veth peer name far0");
        node.run("ip address add 192.0.2.7/24 dev out0");
        node.run("ip address add 192.0.2.8/24 dev out0");
        var netlink = Netlink.openIn(node.path());
        closing.push(netlink::close);
        var object = BpfObject.open("egress").load();
        closing.push(object::close);
        fences = new Fences(EgressMaps.of(object).fence());
        for (var lost : Set.of(OF_A_POOL, OF_NO_POOL, NOT_HERE)) {
            fences.close(lost);
        }
        ofPools.add(OF_A_POOL);
        var addresses = new FloatingAddresses(netlink, new Nobody(), () -> {});
        var wanted = new Table<IpAddress, String>("floating addresses");
        wanted.markInitialized();
        var loop = new Reconciler<>(
                        wanted, addresses, Duration.ofHours(1), Clock.systemUTC(), RandomGenerator.getDefault())
                .start();
        closing.push(loop::close);
        var deposed = new DeposedAddresses(fences, addresses, new Nobody(), loop, ofPools::contains, () -> true);
        closing.push(deposed::close);
    }

    @AfterEach
    void close() throws IOException {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    /** The one of a pool may be another node's now; the one that is not here is kept for translations that are left. */
    @Test
    void whatNoPoolHasIsItsAdministratorsAgain() throws Exception {
        await().untilAsserted(() -> assertThat(fences.read().closed()).doesNotContain(OF_NO_POOL));
        assertThat(fences.read().closed()).containsExactlyInAnyOrder(OF_A_POOL, NOT_HERE);

        ofPools.clear();
        await().untilAsserted(() -> assertThat(fences.read().closed()).containsExactly(NOT_HERE));
        assertThat(fences.read().open()).isEmpty();
    }
}
