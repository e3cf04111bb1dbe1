package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import dev.tombolo.model.bgp.BgpPeerConfigSpec;
import java.util.List;
import java.util.Optional;

/**
 * A CiliumBGPPeerConfig as it was written; {@link #reading} says whether it can be meant.
 *
 * @param unreadable why the spec is empty, where it is not of the published schema
 */
public record BgpPeerConfigObject(
        ObjectHead head, BgpPeerConfigSpec spec, Optional<Invalid> unreadable, Status status) {
    public BgpPeerConfigObject {
        spec = spec == null ? BgpPeerConfigSpec.EMPTY : spec;
        unreadable = Text.orEmpty(unreadable);
        status = status == null ? Status.EMPTY : status;
    }

    /** One that is refused is a row like any other, so that its status can say why. */
    public BgpPeerConfigReading reading() {
        return unreadable
                .map(why -> new BgpPeerConfigReading(head.name(), Optional.empty(), List.of(why)))
                .orElseGet(() -> BgpPeerConfigReading.of(head.name(), spec, head.annotations()));
    }

    /**
     * What is known of it.
     *
     * @param sessions how many sessions that are like it are established, of how many
     */
    public record Status(String sessions, List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status("", List.of());

        public Status {
            sessions = Text.orEmpty(sessions);
            conditions = Text.orEmpty(conditions);
        }
    }
}
