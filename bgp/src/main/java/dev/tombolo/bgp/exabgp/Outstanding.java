package dev.tombolo.bgp.exabgp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Commands that have no answer yet. ExaBGP numbers nothing: the first answer is that of the first command. */
final class Outstanding {
    static final int MOST = 64;
    /** Beyond these nothing is gained, and a withdrawal would wait: this many take ExaBGP about 25 ms. */
    static final int MOST_ROUTES = 5 * PeerRib.BATCH;

    private final Deque<Sent> sent = new ArrayDeque<>();
    private List<String> words = new ArrayList<>();
    private Instant progress = Instant.MIN;
    private Duration roundTrip = Duration.ZERO;
    private int routes;

    record Answered(Command command, Instant askedAt, List<String> words) {}

    private record Sent(Command command, Instant at) {}

    void add(Command command, Instant now) {
        if (sent.isEmpty()) {
            progress = now;
        }
        sent.add(new Sent(command, now));
        routes += command.size();
    }

    /** A line of the answer to the first one; false if that is none that answers in words. */
    boolean hear(String line, Instant now) {
        progress = now;
        boolean tells = !sent.isEmpty() && sent.peek().command().size() == 0;
        if (tells) {
            words.add(line);
        }
        return tells;
    }

    Optional<Answered> answer(Instant now) {
        var first = sent.poll();
        if (first == null) {
            return Optional.empty();
        }
        progress = now;
        roundTrip = Duration.between(first.at(), now);
        routes -= first.command().size();
        var answered = new Answered(first.command(), first.at(), words);
        words = new ArrayList<>();
        return Optional.of(answered);
    }

    void clear() {
        sent.clear();
        words = new ArrayList<>();
        routes = 0;
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    int size() {
        return sent.size();
    }

    /** Whether one is under way that lets no other one pass. */
    boolean isExclusive() {
        return !sent.isEmpty() && sent.peek().command().isAnsweredOutOfTurn();
    }

    int roomForRoutes() {
        return Math.max(0, MOST_ROUTES - routes);
    }

    Duration roundTrip() {
        return roundTrip;
    }

    /** How long nothing was heard although something should be. */
    Duration silence(Instant now) {
        return sent.isEmpty() ? Duration.ZERO : Duration.between(progress, now);
    }
}
