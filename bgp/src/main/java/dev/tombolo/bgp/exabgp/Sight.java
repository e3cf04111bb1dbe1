package dev.tombolo.bgp.exabgp;

import java.time.Instant;
import java.util.List;

/** What ExaBGP was last seen to hold, and how often somebody has looked. */
final class Sight {
    private List<Neighbour> neighbours = List.of();
    private boolean refused;
    private boolean reloaded;
    private long reloadsSeen;
    private long routesSeen;
    private Instant routesSeenAt = Instant.MIN;

    void reloaded() {
        reloaded = true;
    }

    void seen(List<Neighbour> all) {
        neighbours = all;
        if (reloaded) {
            reloaded = false;
            reloadsSeen++;
        }
    }

    void routesSeen(Instant now) {
        routesSeen++;
        routesSeenAt = now;
    }

    /** Some may be other than they were said to be: to be looked at as soon as somebody looks. */
    void doubtRoutes() {
        routesSeenAt = Instant.MIN;
    }

    /** ExaBGP does not let anybody look. */
    void refused() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    void lose() {
        neighbours = List.of();
        refused = false;
    }

    List<Neighbour> neighbours() {
        return neighbours;
    }

    /** How often neighbours were read after a reload: what came of one is known when it grows. */
    long reloads() {
        return reloadsSeen;
    }

    long routeLooks() {
        return routesSeen;
    }

    Instant routesAt() {
        return routesSeenAt;
    }
}
