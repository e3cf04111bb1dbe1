package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.BgpDrain.Stage;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who is told.
 *
 * @param again when it has to be looked at anew although nothing has changed; empty for never
 */
public record Audience(SortedMap<PeerId, Listener> listeners, Optional<Instant> again) {
    public Audience {
        listeners = Collections.unmodifiableSortedMap(new TreeMap<>(listeners));
    }

    /**
     * A router that is told.
     *
     * @param stage how far what it is told is drained
     */
    public record Listener(PlannedPeer peer, Stage stage) {
        /** Whether it is told of such a prefix what this advertisement asks for. */
        boolean hears(BgpAdvertisement advertisement, BgpFamily family) {
            var selector = peer.advertisements().get(family);
            return selector != null && selector.matches(advertisement.labels());
        }

        Optional<IpAddress> nextHop(Prefix prefix) {
            return Optional.ofNullable(peer.nextHops().get(BgpFamily.of(prefix)));
        }
    }

    public static Audience of(PlannedPeers peers, RouteInput.Drain drain) {
        var listeners = new TreeMap<PeerId, Listener>();
        peers.peers().forEach((id, peer) -> listeners.put(id, new Listener(peer, stage(peer, drain))));
        return new Audience(listeners, again(peers, drain));
    }

    /** What is drained is so by whoever wants it drained more. */
    private static Stage stage(PlannedPeer peer, RouteInput.Drain drain) {
        return stage(peer.drain(), drain.now()).or(stage(drain.node(), drain.now()));
    }

    private static Stage stage(Optional<BgpDrain> drain, Instant now) {
        return drain.map(asked -> asked.at(now)).orElse(Stage.SERVING);
    }

    /** When the next of the drains is over. */
    private static Optional<Instant> again(PlannedPeers peers, RouteInput.Drain drain) {
        var ofPeers = peers.peers().values().stream().flatMap(peer -> peer.drain().stream());
        return Stream.concat(drain.node().stream(), ofPeers)
                .flatMap(asked -> asked.end().stream())
                .filter(end -> end.isAfter(drain.now()))
                .min(Instant::compareTo);
    }

    boolean hears(BgpAdvertisement advertisement) {
        return listeners.values().stream()
                .anyMatch(listener ->
                        Stream.of(BgpFamily.values()).anyMatch(family -> listener.hears(advertisement, family)));
    }
}
