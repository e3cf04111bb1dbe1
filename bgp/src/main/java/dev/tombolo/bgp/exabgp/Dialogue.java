package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.exabgp.Standing.Phase;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.bgp.speaker.SpeakerEvent.ChannelChanged;
import dev.tombolo.bgp.speaker.SpeakerStatus.Counters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is said to ExaBGP when, and what is made of its answers: lines and the time go in, commands and events come out;
 * no input or output, no clock, no thread of its own.
 *
 * <p>After each connect: {@code reset} drops what an earlier agent asked for, {@code version} marks where its answers
 * end, then neighbours and routes are read, and from then on only the difference is told: withdrawals first, then what
 * was asked for, then announcements, and End-of-RIB when all are answered.
 */
final class Dialogue {
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);
    static final Duration LONGEST_STALL = Duration.ofSeconds(15);
    static final Duration PING = Duration.ofSeconds(5);

    private final Peers peers;
    private final Outstanding outstanding = new Outstanding();
    private final Deque<Command> asked = new ArrayDeque<>();
    private final List<SpeakerEvent> events = new ArrayList<>();
    private final Standing standing;
    private final Sight sight = new Sight();
    private boolean outOfStep;
    private boolean allPut;
    private Instant quietSince = Instant.MIN;
    private Optional<String> version = Optional.empty();
    private long commands;
    private long errors;
    private long unread;
    private long lost;
    private long resyncs;

    Dialogue(Peers peers, Instant now) {
        this.peers = peers;
        this.standing = new Standing(now);
    }

    /** Returns what is to be written first. */
    List<String> connected(Instant now) {
        outstanding.clear();
        asked.clear();
        outOfStep = false;
        peers.loseFlight(now);
        enter(Phase.GREETING, "connected", now);
        var first = new Command.Version();
        outstanding.add(first, now);
        return List.of("reset", first.text());
    }

    void disconnected(String why, Instant now) {
        outstanding.clear();
        asked.clear();
        peers.lost(now);
        sight.lose();
        enter(Phase.ABSENT, why, now);
    }

    void allPut() {
        allPut = true;
    }

    /** What ExaBGP held of peers that were not wanted yet was not kept when it was read. */
    void peersChanged() {
        if (standing.speaks() && peers.areStrangersAmong(sight.neighbours())) {
            ask(new Command.ShowNeighbours());
            ask(new Command.ShowRoutes());
        }
    }

    /** To be told when it is its turn. */
    void ask(Command command) {
        if (standing.speaks()) {
            asked.add(command);
        }
    }

    /** What can be said now. */
    List<String> say(Instant now) {
        peers.settle(now);
        watch(now);
        var lines = new ArrayList<String>();
        for (var next = next(now); next.isPresent(); next = next(now)) {
            outstanding.add(next.get(), now);
            lines.add(next.get().text());
            commands++;
        }
        return lines;
    }

    private Optional<Command> next(Instant now) {
        boolean speaks = standing.speaks() && !standing.isStalled();
        if (!speaks || outstanding.isExclusive() || outstanding.size() >= Outstanding.MOST) {
            return Optional.empty();
        }
        if (standing.is(Phase.LEARNING)) {
            return control();
        }
        return peers.withdrawal()
                .or(this::control)
                .or(this::announcement)
                .or(this::endOfRib)
                .or(() -> ping(now));
    }

    private Optional<Command> control() {
        if (asked.isEmpty() || asked.peek().isAnsweredOutOfTurn() && !outstanding.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(asked.poll());
    }

    private Optional<Command> announcement() {
        int room = outstanding.roomForRoutes();
        return asked.isEmpty() && room > 0 ? peers.announcement(room) : Optional.empty();
    }

    private Optional<Command> endOfRib() {
        return allPut && asked.isEmpty() && outstanding.isEmpty() ? peers.endOfRib() : Optional.empty();
    }

    private Optional<Command> ping(Instant now) {
        boolean due = outstanding.isEmpty() && !quietSince.plus(PING).isAfter(now);
        return due ? Optional.of(new Command.Version()) : Optional.empty();
    }

    void hear(String text, Instant now) {
        switch (LineReading.read(text)) {
            case Line.Greeting greeting -> lost = greeting.lost();
            case Line.Done() -> answer(true, now);
            case Line.Failed() -> answer(false, now);
            case Line.Words(var words) -> words(words, now);
            case Line.OfSession line -> peers.hear(line, now).ifPresent(events::add);
            case Line.Other() -> {}
            case Line.Broken _ -> unread++;
        }
    }

    private void words(String text, Instant now) {
        boolean expected = outstanding.hear(text, now);
        if (standing.is(Phase.GREETING)) {
            if (text.startsWith("exabgp ")) {
                version = Optional.of(text.substring("exabgp ".length()));
            }
        } else if (!expected) {
            unread++;
            // An answer to an earlier agent that was taken for ours: from here on all would be off by one.
            outOfStep |= text.startsWith("exabgp ");
        }
    }

    private void answer(boolean done, Instant now) {
        if (standing.is(Phase.GREETING) && version.isEmpty()) {
            return;
        }
        var answered = outstanding.answer(now);
        if (answered.isEmpty()) {
            unread++;
            outOfStep = true;
            return;
        }
        quietSince = now;
        recover(now);
        if (!done) {
            errors++;
        }
        if (done || !refusesToTell(answered.get().command(), now)) {
            conclude(answered.get(), done, now);
        }
    }

    /** What it does not tell is not that it has nothing. Where that is not known yet, all waits and is begun anew. */
    private boolean refusesToTell(Command command, Instant now) {
        if (command instanceof Command.Withdraw) {
            sight.doubtRoutes();
        }
        boolean refuses = command instanceof Command.ShowNeighbours || command instanceof Command.ShowRoutes;
        if (refuses && standing.is(Phase.LEARNING)) {
            sight.refused();
            tell(standing.stall(true, "answers \"" + command.text() + "\" with an error", now));
        }
        return refuses;
    }

    private void conclude(Outstanding.Answered answered, boolean done, Instant now) {
        switch (answered.command()) {
            case Command.Version() -> greeted(now);
            case Command.ShowNeighbours() -> learnNeighbours(answered, now);
            case Command.ShowRoutes() -> learnRoutes(answered.words(), now);
            case Command.Withdraw withdraw -> {
                var news = peers.answered(withdraw, now);
                events.addAll(done ? news : List.of());
            }
            case Command.Announce announce -> peers.answered(announce, done, now);
            case Command.EndOfRib endOfRib -> peers.answered(endOfRib, done);
            case Command.Reload() -> sight.reloaded();
            case Command.Teardown _, Command.Shutdown _ -> {}
        }
    }

    private void greeted(Instant now) {
        if (standing.is(Phase.GREETING)) {
            enter(Phase.LEARNING, "reading what ExaBGP holds", now);
            resyncs++;
            ask(new Command.ShowNeighbours());
            ask(new Command.ShowRoutes());
        }
    }

    private void learnNeighbours(Outstanding.Answered answered, Instant now) {
        var reading = Neighbour.parse(answered.words());
        unread += reading.unread();
        sight.seen(reading.neighbours());
        events.addAll(peers.seen(reading.neighbours(), answered.askedAt(), now));
    }

    private void learnRoutes(List<String> words, Instant now) {
        unread += peers.learn(words, !allPut);
        sight.routesSeen(now);
        if (standing.is(Phase.LEARNING) && !sight.isRefused()) {
            enter(Phase.READY, "in step", now);
        }
    }

    private void watch(Instant now) {
        if (!standing.isStalled() && outstanding.silence(now).compareTo(LONGEST_SILENCE) > 0) {
            tell(standing.stall(true, "no answer for " + LONGEST_SILENCE.toSeconds() + " s", now));
        }
    }

    private void recover(Instant now) {
        if (standing.isStalled() && !sight.isRefused()) {
            tell(standing.stall(false, "answers again", now));
        }
    }

    private void tell(Optional<ChannelState> news) {
        news.ifPresent(state -> events.add(new ChannelChanged(state, standing.reason())));
    }

    /** Connecting anew is the way out: it drops what is queued and reads what is so. */
    boolean isBeyondRepair(Instant now) {
        return outOfStep
                || outstanding.silence(now).compareTo(LONGEST_STALL) > 0
                || standing.isStalled() && standing.since().plus(LONGEST_STALL).isBefore(now);
    }

    private void enter(Phase next, String why, Instant now) {
        quietSince = now;
        if (next == Phase.GREETING) {
            version = Optional.empty();
        }
        tell(standing.enter(next, why, now));
    }

    List<SpeakerEvent> takeEvents() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    Standing standing() {
        return standing;
    }

    ChannelState channel() {
        return standing.channel();
    }

    Optional<String> version() {
        return version;
    }

    Sight sight() {
        return sight;
    }

    Counters counters() {
        return new Counters(commands, errors, unread, lost, resyncs, outstanding.size(), outstanding.roundTrip());
    }
}
