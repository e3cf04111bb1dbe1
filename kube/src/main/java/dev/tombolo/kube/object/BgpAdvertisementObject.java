package dev.tombolo.kube.object;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpAdvertisementReading;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import java.util.List;
import java.util.Optional;

/**
 * A CiliumBGPAdvertisement as it was written; {@link #reading} says whether it can be meant.
 *
 * @param unreadable why the spec is empty, where it is not of the published schema
 */
public record BgpAdvertisementObject(
        ObjectHead head, BgpAdvertisementSpec spec, Optional<Invalid> unreadable, Status status) {
    private static final BgpAdvertisementSpec NOTHING = new BgpAdvertisementSpec(null);

    public BgpAdvertisementObject {
        spec = spec == null ? NOTHING : spec;
        unreadable = Text.orEmpty(unreadable);
        status = status == null ? Status.EMPTY : status;
    }

    /** One that is refused is a row like any other, so that its status can say why. */
    public BgpAdvertisementReading reading() {
        return unreadable
                .map(why -> new BgpAdvertisementReading(head.name(), Optional.empty(), List.of(why)))
                .orElseGet(() -> BgpAdvertisementReading.of(head.name(), head.labels(), spec, head.annotations()));
    }

    /** What is known of it, all of it as conditions. */
    public record Status(List<ObservedCondition> conditions) {
        public static final Status EMPTY = new Status(List.of());

        public Status {
            conditions = Text.orEmpty(conditions);
        }
    }
}
