package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Stands in for a speaker where no router is: every session is up at once, and takes what it is told. */
public final class InMemorySpeaker implements Speaker {
    private static final Instant START = Instant.EPOCH;

    private final Map<PeerId, BgpPeer> peers = new TreeMap<>();
    private final Map<RouteKey, PathAttributes> routes = new TreeMap<>();
    private final Map<PeerId, Integer> flaps = new HashMap<>();
    private final List<Consumer<SpeakerEvent>> listeners = new CopyOnWriteArrayList<>();
    private boolean allPut;

    @Override
    public synchronized void apply(Collection<BgpPeer> wanted) {
        var before = Map.copyOf(peers);
        peers.clear();
        wanted.forEach(peer -> peers.put(peer.id(), peer));
        peers.values().stream()
                .filter(peer -> !peer.equals(before.get(peer.id())))
                .forEach(peer -> tell(new SpeakerEvent.SessionUp(peer.id(), negotiated(peer))));
    }

    @Override
    public Target<RouteKey, PathAttributes> routes() {
        return new Rib();
    }

    @Override
    public synchronized void allRoutesPut() {
        allPut = true;
    }

    @Override
    public synchronized void reset(PeerId peer) {
        if (peers.containsKey(peer)) {
            flaps.merge(peer, 1, Integer::sum);
            tell(new SpeakerEvent.SessionDown(peer, "reset"));
            tell(new SpeakerEvent.SessionUp(peer, negotiated(peers.get(peer))));
        }
    }

    @Override
    public synchronized Map<Prefix, PathAttributes> told(PeerId peer) {
        var told = new TreeMap<Prefix, PathAttributes>();
        if (peers.containsKey(peer)) {
            routes.forEach((key, attributes) -> {
                if (key.peer().equals(peer)) {
                    told.put(key.prefix(), attributes);
                }
            });
        }
        return told;
    }

    @Override
    public synchronized SpeakerStatus status() {
        var all = new HashMap<PeerId, PeerStatus>();
        peers.forEach((id, peer) -> all.put(id, status(peer)));
        var counters = new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO);
        return new SpeakerStatus(
                ChannelState.READY, START, "in memory", Optional.empty(), Optional.empty(), all, counters);
    }

    private PeerStatus status(BgpPeer peer) {
        int count = told(peer.id()).size();
        return new PeerStatus(
                SessionState.ESTABLISHED,
                START,
                Optional.empty(),
                Optional.empty(),
                Optional.of(negotiated(peer)),
                flaps.containsKey(peer.id()) ? Map.of(SessionEnd.RESET, flaps.get(peer.id())) : Map.of(),
                count,
                count,
                0,
                Map.of(),
                allPut);
    }

    @Override
    public void listen(Consumer<SpeakerEvent> listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {}

    private void tell(SpeakerEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    private static Negotiated negotiated(BgpPeer peer) {
        return new Negotiated(peer.holdTime(), peer.families(), true);
    }

    private final class Rib implements Target<RouteKey, PathAttributes> {
        @Override
        public Map<RouteKey, PathAttributes> observe() {
            synchronized (InMemorySpeaker.this) {
                return Map.copyOf(routes);
            }
        }

        @Override
        public void put(RouteKey key, PathAttributes attributes) throws IOException {
            synchronized (InMemorySpeaker.this) {
                var problem = RouteCheck.problem(key.prefix(), attributes)
                        .or(() -> Optional.ofNullable(peers.get(key.peer()))
                                .flatMap(peer -> RouteCheck.problem(peer, key.prefix(), attributes)));
                routes.remove(key);
                if (problem.isPresent()) {
                    throw new IOException("not advertised: " + problem.get());
                }
                routes.put(key, attributes);
            }
        }

        @Override
        public void remove(RouteKey key) {
            synchronized (InMemorySpeaker.this) {
                if (routes.remove(key) != null && peers.containsKey(key.peer())) {
                    tell(new SpeakerEvent.Withdrawn(key.peer(), List.of(key.prefix())));
                }
            }
        }
    }
}
