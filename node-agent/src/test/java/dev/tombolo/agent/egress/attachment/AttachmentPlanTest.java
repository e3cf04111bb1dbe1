package dev.tombolo.agent.egress.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.attachment.Attachment.Role;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttachmentPlanTest {
    private final TwoNodes cluster = new TwoNodes();

    @Test
    void uplinksCarriersAndTheDevicesOfPodsAreWatched() {
        assertThat(AttachmentPlan.attachments(
                        TwoNodes.NODE1, cluster.program(), TwoNodes.network(1), Set.of("tombolo-eg1", "tombolo-egw")))
                .isEqualTo(Map.of(
                        new Attachment(Role.UPLINK, "eth0"), 2,
                        new Attachment(Role.GATEWAY_CARRIER, "tombolo-egw"), 8,
                        new Attachment(Role.SOURCE_CARRIER, "tombolo-eg1"), 7,
                        new Attachment(Role.PODS, "cni0"), 3));
    }

    @Test
    void aPolicyThatNamesTheBridgeOfPodsMakesItNoUplink() {
        cluster.policies.add(TwoNodes.policy("bridge", "10.1.2.1", TwoNodes.OUTSIDE));
        assertThat(AttachmentPlan.attachments(
                        TwoNodes.NODE2, cluster.program(), withBridgeAddress(), Set.of("tombolo-egw")))
                .containsEntry(new Attachment(Role.PODS, "cni0"), 3)
                .doesNotContainKey(new Attachment(Role.UPLINK, "cni0"));
    }

    private static NodeNetwork withBridgeAddress() {
        var network = TwoNodes.network(2);
        var addresses = new ArrayList<>(network.addresses());
        addresses.add(new InterfaceAddress("cni0", IpAddress.parse("10.1.2.1"), 24));
        return new NodeNetwork(network.links(), addresses, network.routes());
    }

    @Test
    void aCarrierThatIsNotThereIsNotWatched() {
        assertThat(AttachmentPlan.attachments(
                        TwoNodes.NODE1, cluster.program(), TwoNodes.network(1), Set.of("tombolo-eg9")))
                .containsOnlyKeys(new Attachment(Role.UPLINK, "eth0"), new Attachment(Role.PODS, "cni0"));
    }
}
