package dev.tombolo.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.agent.order.RemovalOrder;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kernel that refuses to take something away has it still, and all that follows is done when it no longer refuses. */
class RefusedRemovalTest {
    private static final Prefix RANGE = Prefix.parse("10.2.1.0/24");
    private static final IpAddress POD = IpAddress.parse("10.2.1.5");
    private static final WireGuardKey FIRST = key(1);
    private static final WireGuardKey SECOND = key(2);
    private static final Frontend SHOP = new Frontend(endpoint("10.96.0.7", 80), Protocol.TCP);
    private static final ServiceEntry TO_POD =
            new ServiceEntry(List.of(new ServiceBackend(POD, 8080, 2, BackendState.ACTIVE)), true);

    private final KernelInOrder kernel = new KernelInOrder();
    private final RemovalOrder order = new RemovalOrder(kernel.targets(), 1);
    private final List<WireGuardKey> told = new ArrayList<>();

    @BeforeEach
    void pathToThePod() throws IOException {
        order.services().observe();
        order.peers().observe();
        order.routes().observe();
        order.ipcache().observe();
        order.peers().onRelease(told::add);
        order.peers().put(FIRST, peer(1, RANGE));
        order.routes().put(RANGE, new TunnelRoute("wg", Optional.of(IpAddress.parse("100.64.64.1")), 1420));
        order.ipcache().put(Prefix.host(POD), new IpcacheEntry(131_073, 0, 2, 0));
    }

    @Test
    void whoHasLostARangeIsToldOnceTheOneThatTookItCanBeWrittenWithoutIt() throws IOException {
        order.peers().put(SECOND, peer(2, RANGE));
        kernel.peers.refuse(true);
        assertThatThrownBy(() -> order.peers().put(SECOND, peer(2))).hasMessage("full");
        assertThat(told).isEmpty();
        kernel.peers.refuse(false);
        order.peers().put(SECOND, peer(2));
        assertThat(told).containsExactly(FIRST);
    }

    @Test
    void whoHasLostARangeIsToldOnceTheOneThatTookItCanBeRemoved() throws IOException {
        order.peers().put(SECOND, peer(2, RANGE));
        kernel.peers.refuse(true);
        assertThatThrownBy(() -> order.peers().remove(SECOND)).hasMessage("full");
        assertThat(told).isEmpty();
        kernel.peers.refuse(false);
        order.peers().remove(SECOND);
        assertThat(told).containsExactly(FIRST);
    }

    @Test
    void aPathThatIsStillThereServesAndIsThenKeptForTheService() throws IOException {
        kernel.all().forEach(rows -> rows.refuse(true));
        assertThatThrownBy(() -> order.peers().remove(FIRST)).hasMessage("full");
        assertThatThrownBy(() -> order.routes().remove(RANGE)).hasMessage("full");
        assertThatThrownBy(() -> order.ipcache().remove(Prefix.host(POD))).hasMessage("full");
        kernel.all().forEach(rows -> rows.refuse(false));
        order.services().put(SHOP, TO_POD);
        order.peers().remove(FIRST);
        order.routes().remove(RANGE);
        order.ipcache().remove(Prefix.host(POD));
        assertThat(kernel.violations()).isEmpty();
        order.services().remove(SHOP);
        assertThat(told).containsExactly(FIRST);
    }

    private static TunnelPeer peer(int node, Prefix... allowed) {
        return new TunnelPeer(
                new NodeId(new ClusterName("west"), "n" + node), endpoint("192.0.2.1" + node, 51_871), Set.of(allowed));
    }

    private static SocketEndpoint endpoint(String address, int port) {
        return new SocketEndpoint(IpAddress.parse(address), port);
    }

    private static WireGuardKey key(int node) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) node);
        return WireGuardKey.of(bytes);
    }
}
