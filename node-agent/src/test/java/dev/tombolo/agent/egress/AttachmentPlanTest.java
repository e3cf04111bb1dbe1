package dev.tombolo.agent.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.Attachment.Role;
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
    void aCarrierThatIsNotThereIsNotWatched() {
        assertThat(AttachmentPlan.attachments(
                        TwoNodes.NODE1, cluster.program(), TwoNodes.network(1), Set.of("tombolo-eg9")))
                .containsOnlyKeys(new Attachment(Role.UPLINK, "eth0"), new Attachment(Role.PODS, "cni0"));
    }
}
