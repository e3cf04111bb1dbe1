package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpDrain.Stage;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One route of all that ask for the same prefix: it has the communities of all, and of everything else what is best. One that is
 * active makes it active.
 */
record RouteMerge(BgpPeer session, IpAddress nextHop, Stage stage, List<RouteCandidate> candidates) {
    /** What routers of the same system take where nothing is said. */
    private static final long USUAL_PREFERENCE = 100;

    PlannedRoute route() {
        var prefix = candidates.getFirst().prefix();
        var attributes = new PathAttributes(nextHop, prepended(), med(), preference(), communities());
        var reasons = candidates.stream().map(RouteCandidate::reason).collect(Collectors.toCollection(TreeSet::new));
        return new PlannedRoute(new BgpRoute(prefix, attributes), reasons, isStandby());
    }

    private boolean isStandby() {
        return candidates.stream().allMatch(RouteCandidate::standby);
    }

    /** Those that the route is as good as: of several the active ones. */
    private List<RouteCandidate> best() {
        return candidates.stream()
                .filter(candidate -> candidate.standby() == isStandby())
                .toList();
    }

    /** A router of our own system would take our number in the path for a loop. */
    private List<Asn> prepended() {
        if (!session.isExternal()) {
            return List.of();
        }
        int times = best().stream()
                .mapToInt(candidate -> candidate.entry().marks().prepend()
                        + (candidate.standby() ? candidate.entry().standby().prepend() : 0))
                .min()
                .orElse(0);
        return Collections.nCopies(times, session.localAsn());
    }

    /** None counts as 0, which is the best. */
    private OptionalLong med() {
        var said = best().stream().map(RouteMerge::med).toList();
        return said.stream().allMatch(OptionalLong::isPresent)
                ? said.stream().mapToLong(OptionalLong::getAsLong).min()
                : OptionalLong.empty();
    }

    private static OptionalLong med(RouteCandidate candidate) {
        var standby = candidate.entry().standby().med();
        return candidate.standby() && standby.isPresent()
                ? standby
                : candidate.entry().marks().med();
    }

    private OptionalLong preference() {
        if (session.isExternal()) {
            return OptionalLong.empty();
        }
        if (stage == Stage.LEAVING) {
            return OptionalLong.of(0);
        }
        var highest = best().stream()
                .map(candidate -> candidate.entry().marks().localPreference())
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .max();
        return isStandby() ? OptionalLong.of(highest.orElse(USUAL_PREFERENCE) / 2) : highest;
    }

    private SortedSet<Community> communities() {
        var communities = new TreeSet<Community>();
        candidates.forEach(
                candidate -> communities.addAll(candidate.entry().marks().communities()));
        if (stage == Stage.LEAVING) {
            communities.add(Community.GRACEFUL_SHUTDOWN);
        }
        return communities;
    }
}
