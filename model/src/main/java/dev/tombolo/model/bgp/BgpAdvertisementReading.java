package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of reading a CiliumBGPAdvertisement. An entry that cannot be meant is left out, and the others are in force.
 *
 * @param advertisement empty where no entry is left
 * @param refused what is wrong; empty for one that is in force as it was written
 */
public record BgpAdvertisementReading(String name, Optional<BgpAdvertisement> advertisement, List<Invalid> refused) {
    public static final String KIND = "CiliumBGPAdvertisement";

    public BgpAdvertisementReading {
        refused = List.copyOf(refused);
    }

    public static BgpAdvertisementReading of(
            String name, Map<String, String> labels, BgpAdvertisementSpec spec, Map<String, String> annotations) {
        String where = KIND + " " + name;
        var refused = new ArrayList<Invalid>();
        var fields = new BgpFields(where, refused);
        if (spec.advertisements().isEmpty()) {
            fields.refuse("spec.advertisements", "none", "at least one entry");
        }
        var ours = new BgpAnnotations(where, annotations, refused);
        var wishes = RouteAnnotations.read(ours);
        var reader = new AdvertisementFields(fields, wishes);
        var entries = new ArrayList<BgpAdvertisement.Entry>();
        for (int i = 0; i < spec.advertisements().size(); i++) {
            reader.entry("spec.advertisements[" + i + "]", spec.advertisements().get(i))
                    .ifPresent(entries::add);
        }
        boolean anyService = entries.isEmpty()
                || entries.stream().anyMatch(entry -> entry.subject() instanceof BgpAdvertisement.Subject.Services);
        if (wishes.remote().isPresent() && !anyService) {
            ours.refuseAlone(BgpAnnotations.REMOTE_BACKENDS, "an entry of type Service or MeshService");
        }
        return new BgpAdvertisementReading(
                name,
                entries.isEmpty() ? Optional.empty() : Optional.of(new BgpAdvertisement(name, labels, entries)),
                refused);
    }
}
