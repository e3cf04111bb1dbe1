package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.net.Prefix;

/**
 * A prefix that an entry asks for.
 *
 * @param standby whether other clusters' routes are better
 * @param subject as in {@link PlannedRoute.Reason}
 */
public record RouteCandidate(
        Prefix prefix, BgpAdvertisement advertisement, Entry entry, boolean standby, String subject) {
    PlannedRoute.Reason reason() {
        return new PlannedRoute.Reason(advertisement.name(), subject);
    }
}
