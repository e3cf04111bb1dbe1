package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.exabgp.Backlog.Announcements;
import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.RouteCheck;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The routes of one peer: what is wanted, what ExaBGP was told, and what to tell it next.
 *
 * <p>ExaBGP collects what it is told until the session takes it, sorted by attributes, and then sends one set of
 * attributes after the other, in the order in which these first came: of two announcements of one prefix, or of a
 * withdrawal and an announcement after it, the older one can be sent last, and stays at the router (with 4.2.21, 20 times of 20). So a prefix is
 * announced only when what was said of it before is out; a withdrawal takes back what is not out yet and never waits.
 */
final class PeerRib {
    static final int BATCH = 100;
    /** From the answer to a command until it is out, with a large margin; sessions that are up take it within 2 ms. */
    static final Duration SETTLING = Duration.ofMillis(100);
    /** Of IPv6 ExaBGP sends a message for each prefix, at about 6,000 a second; this is slower. */
    private static final Duration PER_MESSAGE = Duration.ofNanos(400_000);

    private final Map<Prefix, PathAttributes> wanted = new HashMap<>();
    private final Map<Prefix, PathAttributes> said = new HashMap<>();
    private final Map<Prefix, String> refused = new HashMap<>();
    private final Map<Prefix, Integer> inFlight = new HashMap<>();
    private final Map<Prefix, Instant> settlingUntil = new HashMap<>();
    private final Deque<Settling> settling = new ArrayDeque<>();
    private final Set<Prefix> deferred = new HashSet<>();
    private final Backlog backlog = new Backlog();
    private Instant drained = Instant.MIN;
    private boolean silent;

    private record Settling(Prefix prefix, Instant until) {}

    void put(Prefix prefix, PathAttributes attributes) {
        wanted.put(prefix, attributes);
        refused.remove(prefix);
        consider(prefix);
    }

    void remove(Prefix prefix) {
        wanted.remove(prefix);
        refused.remove(prefix);
        consider(prefix);
    }

    /**
     * What ExaBGP turns out to hold; what is in flight was said after it looked. {@code adopts}: what was not asked for is
     * kept until it is removed.
     */
    void learn(Map<Prefix, PathAttributes> found, boolean adopts) {
        var affected = new HashSet<>(said.keySet());
        said.keySet().removeIf(prefix -> !inFlight.containsKey(prefix));
        found.forEach((prefix, attributes) -> {
            if (!inFlight.containsKey(prefix)) {
                said.put(prefix, attributes);
                affected.add(prefix);
            }
        });
        if (adopts) {
            found.forEach(wanted::putIfAbsent);
        }
        affected.addAll(wanted.keySet());
        affected.forEach(this::consider);
    }

    /** Answers to what was said will not come any more. */
    void loseFlight(Instant now) {
        inFlight.keySet().forEach(prefix -> settle(prefix, now.plus(SETTLING)));
        inFlight.clear();
    }

    /** Whether all is to be withdrawn for now, because the peer is about to go. */
    void silence(boolean silent) {
        this.silent = silent;
        var all = new HashSet<>(wanted.keySet());
        all.addAll(said.keySet());
        all.forEach(this::consider);
    }

    /** What a router refused in one session it may take in the next. */
    void forgiveRefusals() {
        var again = List.copyOf(refused.keySet());
        refused.clear();
        again.forEach(this::consider);
    }

    /** The next ones to withdraw, which count as told from now on. */
    List<Prefix> nextWithdrawal() {
        var batch = backlog.takeWithdrawals(BATCH);
        withdrawn(batch);
        return batch;
    }

    /** Whether just these are to be withdrawn too; if so, they count as told from now on. */
    boolean joins(List<Prefix> withdrawal) {
        boolean joins = backlog.hasWithdrawals(withdrawal);
        if (joins) {
            withdrawal.forEach(backlog::remove);
            withdrawn(withdrawal);
        }
        return joins;
    }

    /** To be asked only while the session is up: what ExaBGP is told before, it sends in an order of its own. */
    Optional<Announcements> nextAnnouncement(Optional<Negotiated> negotiated, int most) {
        var next = backlog.takeAnnouncements(Math.min(BATCH, most));
        while (next.isPresent()) {
            var batch = next.get();
            var problem = problem(negotiated, batch);
            if (problem.isEmpty()) {
                announced(batch);
                return next;
            }
            batch.prefixes().forEach(prefix -> refuse(prefix, problem.get()));
            next = backlog.takeAnnouncements(Math.min(BATCH, most));
        }
        return Optional.empty();
    }

    /** As for withdrawals, and only while the session is up. */
    boolean joins(Announcements announcement, Optional<Negotiated> negotiated) {
        boolean joins = backlog.hasAnnouncements(announcement)
                && problem(negotiated, announcement).isEmpty();
        if (joins) {
            announcement.prefixes().forEach(backlog::remove);
            announced(announcement);
        }
        return joins;
    }

    private static Optional<String> problem(Optional<Negotiated> negotiated, Announcements batch) {
        return negotiated.flatMap(
                agreed -> RouteCheck.problem(agreed, batch.prefixes().getFirst(), batch.attributes()));
    }

    private void withdrawn(List<Prefix> batch) {
        batch.forEach(prefix -> {
            said.remove(prefix);
            inFlight.merge(prefix, 1, Integer::sum);
        });
    }

    private void announced(Announcements batch) {
        batch.prefixes().forEach(prefix -> {
            said.put(prefix, batch.attributes());
            inFlight.merge(prefix, 1, Integer::sum);
        });
    }

    void answered(List<Prefix> prefixes, Instant now) {
        int messages = prefixes.getFirst().isV4() ? 1 : prefixes.size();
        drained = (drained.isAfter(now) ? drained : now).plus(PER_MESSAGE.multipliedBy(messages));
        var until = drained.plus(SETTLING);
        for (var prefix : prefixes) {
            if (inFlight.merge(prefix, -1, Integer::sum) <= 0) {
                inFlight.remove(prefix);
                settle(prefix, until);
            }
        }
    }

    /** ExaBGP did not understand it, or did not want to. */
    void failed(Command.Announce command, String reason, Instant now) {
        answered(command.prefixes(), now);
        command.prefixes().forEach(prefix -> {
            said.remove(prefix);
            if (command.attributes().equals(wanted.get(prefix))) {
                refuse(prefix, reason);
            }
        });
    }

    /** Takes up again what had to wait. */
    void settle(Instant now) {
        while (!settling.isEmpty() && !settling.peek().until().isAfter(now)) {
            var prefix = settling.poll().prefix();
            var until = settlingUntil.get(prefix);
            if (until != null && !until.isAfter(now)) {
                settlingUntil.remove(prefix);
                consider(prefix);
            }
        }
    }

    /** ExaBGP holds nothing of it any more, and the router has heard so. */
    boolean isForgotten() {
        return said.isEmpty() && inFlight.isEmpty() && settlingUntil.isEmpty();
    }

    int pending() {
        return backlog.size() + deferred.size() + inFlight.size();
    }

    int told() {
        return (int) (said.size()
                - inFlight.keySet().stream().filter(said::containsKey).count());
    }

    /** Of what was said. */
    Map<Prefix, PathAttributes> acknowledged() {
        var all = new HashMap<>(said);
        inFlight.keySet().forEach(all::remove);
        return all;
    }

    Map<Prefix, PathAttributes> wanted() {
        return Collections.unmodifiableMap(wanted);
    }

    Map<Prefix, PathAttributes> said() {
        return Collections.unmodifiableMap(said);
    }

    Map<Prefix, String> refused() {
        return Map.copyOf(refused);
    }

    private void refuse(Prefix prefix, String reason) {
        refused.put(prefix, reason);
        consider(prefix);
    }

    private void settle(Prefix prefix, Instant until) {
        settlingUntil.put(prefix, until);
        settling.add(new Settling(prefix, until));
    }

    private void consider(Prefix prefix) {
        backlog.remove(prefix);
        deferred.remove(prefix);
        var attributes = silent || refused.containsKey(prefix) ? null : wanted.get(prefix);
        if (attributes == null) {
            if (said.containsKey(prefix)) {
                backlog.withdraw(prefix);
            }
        } else if (!attributes.equals(said.get(prefix))) {
            if (inFlight.containsKey(prefix) || settlingUntil.containsKey(prefix)) {
                deferred.add(prefix);
            } else {
                backlog.announce(prefix, attributes);
            }
        }
    }
}
