package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpOverrideReading;
import dev.tombolo.model.bgp.BgpOverrideSpec;
import java.util.List;
import java.util.Optional;

/**
 * A CiliumBGPNodeConfigOverride as it was written; it has the name of its node.
 *
 * @param unreadable why the spec is empty, where it is not of the published schema
 */
public record BgpOverrideObject(ObjectHead head, BgpOverrideSpec spec, Optional<Invalid> unreadable, Status status) {
    private static final BgpOverrideSpec NOTHING = new BgpOverrideSpec(null);

    public BgpOverrideObject {
        spec = spec == null ? NOTHING : spec;
        unreadable = Text.orEmpty(unreadable);
        status = status == null ? Status.EMPTY : status;
    }

    /** One that is not of the schema overrides nothing that could be named, and says so. */
    public BgpOverrideReading reading() {
        var reading = BgpOverrideReading.of(head.name(), spec, head.annotations());
        return unreadable
                .map(why -> new BgpOverrideReading(reading.override(), reading.unclear(), List.of(why)))
                .orElse(reading);
    }

    /** What is known of it, all of it as conditions. */
    public record Status(List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status(List.of());

        public Status {
            conditions = Text.orEmpty(conditions);
        }
    }
}
