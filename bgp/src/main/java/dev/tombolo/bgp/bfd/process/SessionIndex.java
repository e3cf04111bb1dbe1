package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.protocol.BfdPacket;
import dev.tombolo.bgp.bfd.protocol.Drop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Which session a packet is for (RFC 5880, 6.3; RFC 5881, 3 and 5). */
final class SessionIndex {
    /** As it is sent: each router on the way takes one off (RFC 5082). */
    private static final int UNROUTED_TTL = 255;

    private final Map<BfdPath, LiveSession> byPath = new TreeMap<>();
    private final Map<Integer, LiveSession> byDiscriminator = new HashMap<>();
    private final ToIntFunction<String> ifindexOf;

    SessionIndex(ToIntFunction<String> ifindexOf) {
        this.ifindexOf = ifindexOf;
    }

    /** What came of looking. */
    sealed interface Found {
        record Session(LiveSession live) implements Found {}

        record Nobody(Drop reason) implements Found {}
    }

    void add(LiveSession live) {
        byPath.put(live.path(), live);
        byDiscriminator.put(live.session().discriminator(), live);
    }

    void remove(LiveSession live) {
        byPath.remove(live.path());
        byDiscriminator.remove(live.session().discriminator());
    }

    Optional<LiveSession> find(BfdPath path) {
        return Optional.ofNullable(byPath.get(path));
    }

    boolean isTaken(int discriminator) {
        return discriminator == 0 || byDiscriminator.containsKey(discriminator);
    }

    Collection<LiveSession> all() {
        return byPath.values();
    }

    /** For changes while going through them. */
    List<LiveSession> copy() {
        return new ArrayList<>(byPath.values());
    }

    Found find(Arrival arrival, BfdPacket packet) {
        var live = packet.yourDiscriminator() == 0
                ? byPath.values().stream()
                        .filter(candidate -> isFor(candidate.path(), arrival))
                        .findFirst()
                        .orElse(null)
                : byDiscriminator.get(packet.yourDiscriminator());
        if (live == null || isDirect(arrival) != live.path().isDirect()) {
            return new Found.Nobody(packet.yourDiscriminator() == 0 ? Drop.UNKNOWN_PEER : Drop.UNKNOWN_DISCRIMINATOR);
        }
        return live.path().isDirect() && arrival.ttl() != UNROUTED_TTL
                ? new Found.Nobody(Drop.WRONG_TTL)
                : new Found.Session(live);
    }

    /** A discriminator that was guessed must not open the port that lets routed packets in. */
    private static boolean isDirect(Arrival arrival) {
        return arrival.port() == Arrival.Port.DIRECT;
    }

    private boolean isFor(BfdPath path, Arrival arrival) {
        return path.isDirect() == isDirect(arrival)
                && path.peer().equals(arrival.source())
                && path.local().equals(arrival.destination())
                && path.device()
                        .map(name -> ifindexOf.applyAsInt(name) == arrival.ifindex())
                        .orElse(true);
    }
}
