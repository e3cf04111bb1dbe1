package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.net.Prefix;

/**
 * A prefix that an entry asks for.
 *
 * @param standby whether other clusters' routes are better
 */
record RouteCandidate(Prefix prefix, Entry entry, boolean standby, PlannedRoute.Reason reason) {}
