package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import java.util.List;
import java.util.Optional;

/**
 * A CiliumBGPClusterConfig as it was written; {@link #reading} says whether it can be meant.
 *
 * @param unreadable why the spec is empty, where it is not of the published schema
 */
public record BgpClusterConfigObject(
        ObjectHead head, BgpClusterConfigSpec spec, Optional<Invalid> unreadable, Status status) {
    private static final BgpClusterConfigSpec NOTHING = new BgpClusterConfigSpec(null, null);

    public BgpClusterConfigObject {
        spec = spec == null ? NOTHING : spec;
        unreadable = Text.orEmpty(unreadable);
        status = status == null ? Status.EMPTY : status;
    }

    /** One that is refused is a row like any other, so that its status can say why. */
    public BgpClusterConfigReading reading() {
        return unreadable
                .map(why -> new BgpClusterConfigReading(head.name(), Optional.empty(), List.of(why)))
                .orElseGet(
                        () -> BgpClusterConfigReading.of(head.name(), head.createdOrLast(), spec, head.annotations()));
    }

    /**
     * What is known of it.
     *
     * @param nodes how many nodes have it
     * @param sessions how many of their sessions are established, of how many, such as {@code 3/4}
     * @param routes how many routes they tell, all together
     */
    public record Status(int nodes, String sessions, int routes, List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status(0, "", 0, List.of());

        public Status {
            sessions = Text.orEmpty(sessions);
            conditions = Text.orEmpty(conditions);
        }
    }
}
