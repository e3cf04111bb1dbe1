package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds sessions with routers and tells them routes. It is told what is wanted and returns at once; it then keeps at it
 * by itself, over its own restarts, those of the program that speaks, and those of sessions. {@link #status()} says how
 * far it is. Closing it leaves sessions and routes as they are, for the next agent to find.
 */
public interface Speaker extends AutoCloseable {
    /**
     * The sessions that are to be, all of them: those found that are left out end, after their routes were withdrawn. So
     * not to be called before all peers are known.
     */
    void apply(Collection<BgpPeer> peers);

    /**
     * What is advertised, for a reconciler. A row that is put is a promise: it is checked at once, since a route that a
     * router can't take ends the session, and told as soon as its session is up and earlier news of the same prefix are
     * out. So a change never waits behind others, and withdrawals overtake announcements. What is observed is what the
     * program that speaks really holds, with the promises; before the first look at it is over, observing fails.
     */
    Target<RouteKey, PathAttributes> routes();

    /**
     * All routes that are wanted were put once: routers may now forget what they were told in an earlier life and have
     * not heard of again (End-of-RIB, RFC 4724). Until then nothing found is withdrawn unless it was asked for.
     */
    void allRoutesPut();

    /** Ends a session, which then starts anew: the way to the router is known to be broken before its timer is. */
    void reset(PeerId peer);

    SpeakerStatus status();

    /** What the router has by what the program that speaks has acknowledged; nothing while the session is not up. */
    Map<Prefix, PathAttributes> told(PeerId peer);

    /** Called in order, by the speaker's own thread: to be quick. */
    void listen(Consumer<SpeakerEvent> listener);

    @Override
    void close();
}
