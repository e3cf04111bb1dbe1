package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.BgpDrain.Stage;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From what there is, where it is and how it is to what each router is told. */
public final class RoutePlan {
    private final RouteInput input;
    private final List<Withheld> withheld = new ArrayList<>();
    /** By the name of the advertisement: most routers are told the same. */
    private final Map<String, List<RouteCandidate>> candidates = new HashMap<>();

    private RoutePlan(RouteInput input) {
        this.input = input;
    }

    public static PlannedRoutes plan(RouteInput input) {
        return new RoutePlan(input).plan();
    }

    private PlannedRoutes plan() {
        SortedMap<PeerId, SortedMap<Prefix, PlannedRoute>> byPeer = new TreeMap<>();
        input.peers().peers().forEach((id, peer) -> byPeer.put(id, routes(peer)));
        return new PlannedRoutes(byPeer, withheld, again());
    }

    private SortedMap<Prefix, PlannedRoute> routes(PlannedPeer peer) {
        SortedMap<Prefix, PlannedRoute> routes = new TreeMap<>();
        var stage = stage(peer);
        asked(peer).forEach((prefix, same) -> {
            var hop = Optional.ofNullable(peer.nextHops().get(BgpFamily.of(prefix)));
            var why = RouteGuard.refusal(prefix, hop, peer.session().peerAddress())
                    .or(() -> stage == Stage.GONE ? Optional.of("it is drained") : Optional.empty());
            if (why.isPresent()) {
                withhold(peer, same, why.get());
            } else {
                routes.put(prefix, new RouteMerge(peer.session(), hop.orElseThrow(), stage, same).route());
            }
        });
        return routes;
    }

    /** By prefix, in every family that the session carries. */
    private Map<Prefix, List<RouteCandidate>> asked(PlannedPeer peer) {
        return input.advertisements().stream()
                .flatMap(advertisement -> candidates(advertisement, peer).stream())
                .collect(Collectors.groupingBy(RouteCandidate::prefix, TreeMap::new, Collectors.toList()));
    }

    private List<RouteCandidate> candidates(BgpAdvertisement advertisement, PlannedPeer peer) {
        var families = peer.advertisements().entrySet().stream()
                .filter(family -> family.getValue().matches(advertisement.labels()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return families.isEmpty()
                ? List.of()
                : candidates
                        .computeIfAbsent(advertisement.name(), _ -> Candidates.of(input, advertisement, withheld))
                        .stream()
                        .filter(candidate -> families.contains(BgpFamily.of(candidate.prefix())))
                        .toList();
    }

    private void withhold(PlannedPeer peer, List<RouteCandidate> refused, String why) {
        refused.forEach(candidate -> withheld.add(new Withheld(
                candidate.reason().advertisement(),
                Optional.of(peer.session().id()),
                candidate.reason().subject(),
                why)));
    }

    /** What is drained is so by whoever wants it drained more. */
    private Stage stage(PlannedPeer peer) {
        return stage(peer.drain()).or(stage(input.drain().node()));
    }

    private Stage stage(Optional<BgpDrain> drain) {
        return drain.map(asked -> asked.at(input.drain().now())).orElse(Stage.SERVING);
    }

    /** When the next of the drains is over. */
    private Optional<Instant> again() {
        var drains = new ArrayList<BgpDrain>();
        input.drain().node().ifPresent(drains::add);
        input.peers().peers().values().forEach(peer -> peer.drain().ifPresent(drains::add));
        return drains.stream()
                .flatMap(drain -> drain.end().stream())
                .filter(end -> end.isAfter(input.drain().now()))
                .min(Instant::compareTo);
    }
}
