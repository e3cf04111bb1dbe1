package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private static final InterfaceAddress FLOATING =
            new InterfaceAddress("eth0", IpAddress.parse("172.30.1.200"), 32).withLabel(FloatingAddresses.LABEL);
    private static final InterfaceAddress OWN = new InterfaceAddress("eth0", IpAddress.parse("172.30.1.12"), 24);

    /** As the kernel lists them when the node's own was taken off and added again. */
    private final NodeNetwork network = new NodeNetwork(
            TwoNodes.network(2).links(),
            List.of(FLOATING, OWN),
            TwoNodes.network(2).routes());

    @Test
    void aFloatingAddressIsNeverTheDevicesOwn() {
        for (var wanted : List.of(new EgressAddress.OfDefaultRoute(), new EgressAddress.OfInterface("eth0"))) {
            var held = network.held(wanted, true).orElseThrow();
            assertThat(held.address()).isEqualTo(OWN.address());
            assertThat(held.shared()).isTrue();
        }
    }

    @Test
    void whoNamesAFloatingAddressGetsItForItself() {
        var held =
                network.held(new EgressAddress.Fixed(FLOATING.address()), true).orElseThrow();
        assertThat(held.address()).isEqualTo(FLOATING.address());
        assertThat(held.shared()).isFalse();
    }
}
