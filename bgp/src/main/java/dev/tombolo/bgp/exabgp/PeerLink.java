package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A peer as the dialogue knows it: its session, as far as ExaBGP has told of it, and its routes. */
final class PeerLink {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(3);

    final PeerRib rib = new PeerRib();
    private final SessionEnds endings = new SessionEnds();
    private final Cause cause = new Cause();
    private final Set<BgpFamily> endOfRibOwed = EnumSet.noneOf(BgpFamily.class);
    private Optional<BgpPeer> peer = Optional.empty();
    private boolean known;
    private SessionState state = SessionState.UNKNOWN;
    private Instant since;
    private Instant heardAt = Instant.MIN;
    private SessionState left = SessionState.UNKNOWN;
    private Optional<String> absence = Optional.empty();
    private Optional<Negotiated> negotiated = Optional.empty();
    private boolean endOfRibTold;
    private boolean endOfRibRefused;

    PeerLink(Instant now) {
        since = now;
    }

    /** A peer whose name stays and whose identity changes is another neighbour, which has heard nothing yet. */
    void become(Optional<BgpPeer> next, Instant now) {
        if (!next.map(Session::of).equals(peer.map(Session::of))) {
            forget(Optional.empty(), now);
            endings.began();
            negotiated = Optional.empty();
            cause.clear();
            rib.silence(false);
            rib.learn(Map.of(), false);
        }
        peer = next;
    }

    Optional<BgpPeer> peer() {
        return peer;
    }

    /** Of one that is configured. */
    PeerId id() {
        return peer.orElseThrow().id();
    }

    Optional<Session> session() {
        return known ? peer.map(Session::of) : Optional.empty();
    }

    Optional<Negotiated> negotiated() {
        return negotiated;
    }

    boolean isUp() {
        return known && state == SessionState.ESTABLISHED;
    }

    /**
     * Whether it turns out to be up, and nobody has said so. ExaBGP looks at a neighbour and then prints it line by line,
     * between others and events: what was heard since it was asked is newer than what it prints.
     */
    boolean seen(Neighbour neighbour, Instant askedAt, Instant now) {
        known = true;
        if (!heardAt.isBefore(askedAt)) {
            return false;
        }
        boolean up = neighbour.state() == SessionState.ESTABLISHED;
        boolean news = up && state != SessionState.ESTABLISHED;
        if (news) {
            found(neighbour);
            up(now);
        } else if (!up) {
            endings.missing();
            change(neighbour.state(), now);
        }
        return news;
    }

    /** It is up and nobody has seen it come up: where it is another session, what it agreed on of next hops is unknown. */
    private void found(Neighbour neighbour) {
        boolean same = negotiated.map(Negotiated::families).equals(Optional.of(neighbour.agreed()));
        if (!same) {
            negotiated = Optional.of(new Negotiated(neighbour.holdTime(), neighbour.agreed(), holdsV4ByV6()));
        }
    }

    /** Nobody can say how it is: ExaBGP is out of reach, or does not have this neighbour, which is why then. */
    void forget(Optional<String> why, Instant now) {
        known = false;
        absence = why;
        heardAt = Instant.MIN;
        if (state == SessionState.ESTABLISHED) {
            endings.outOfSight();
        }
        if (state != SessionState.UNKNOWN) {
            state = SessionState.UNKNOWN;
            since = now;
        }
    }

    Optional<SpeakerEvent> hear(Line.OfSession line, Instant now) {
        switch (line) {
            case Line.StateChanged(var ends, var next) -> {
                heardAt = now;
                change(next, now);
            }
            case Line.Agreed(var ends, var agreed) -> negotiated = Optional.of(agreed);
            case Line.Up(var ends) -> {
                heardAt = now;
                up(now);
                return negotiated.map(agreed -> new SpeakerEvent.SessionUp(id(), agreed));
            }
            case Line.Down(var ends, var why) -> {
                heardAt = now;
                return Optional.of(new SpeakerEvent.SessionDown(id(), down(why, now)));
            }
            case Line.Notified(var ends, var notification, var words) -> {
                if (!cause.hear(notification, words)) {
                    return Optional.empty();
                }
                endings.heard(notification);
                return Optional.of(new SpeakerEvent.Notified(id(), notification));
            }
        }
        return Optional.empty();
    }

    /** That it is established is said by {@link #up}. */
    private void change(SessionState next, Instant now) {
        if (state == next || next == SessionState.ESTABLISHED) {
            return;
        }
        if (state == SessionState.ESTABLISHED) {
            endings.ended();
            endOfRibOwed.clear();
            endOfRibTold = false;
            negotiated = Optional.empty();
        }
        if (next != SessionState.IDLE) {
            cause.begin();
        }
        left = state;
        state = next;
        since = now;
    }

    private void up(Instant now) {
        state = SessionState.ESTABLISHED;
        endings.began();
        since = now;
        cause.clear();
        endOfRibTold = false;
        endOfRibRefused = false;
        endOfRibOwed.clear();
        negotiated.ifPresent(agreed -> endOfRibOwed.addAll(agreed.families()));
        rib.forgiveRefusals();
    }

    private String down(String said, Instant now) {
        change(SessionState.IDLE, now);
        return cause.end(said, left, peer);
    }

    Optional<BgpFamily> endOfRib() {
        return endOfRibOwed.stream().findFirst();
    }

    /** One that is refused is not told again before the next session. */
    void told(BgpFamily family, boolean done) {
        endOfRibOwed.remove(family);
        endOfRibRefused |= !done;
        endOfRibTold = endOfRibOwed.isEmpty() && !endOfRibRefused;
    }

    PeerStatus status(Instant now) {
        return new PeerStatus(
                state,
                since,
                reason(now),
                cause.lastNotification(),
                negotiated,
                endings.counted(),
                rib.wanted().size(),
                rib.told(),
                rib.pending(),
                rib.refused(),
                endOfRibTold);
    }

    private Optional<String> reason(Instant now) {
        if (isUp()) {
            return Optional.empty();
        }
        return known ? cause.words(unanswered(now)) : absence;
    }

    /** A connection that the other side drops without a word ends, for ExaBGP, never. */
    private Optional<String> unanswered(Instant now) {
        if (since.plus(LONGEST_CONNECT).isAfter(now)) {
            return Optional.empty();
        }
        String password =
                peer.flatMap(BgpPeer::password).isPresent() ? ", or another password" : ", or it has a password";
        return switch (state) {
            case ACTIVE -> Optional.of("no answer: unreachable, a firewall" + password);
            case OPEN_SENT -> Optional.of("connected, but the router does not say who it is");
            default -> Optional.empty();
        };
    }

    private boolean holdsV4ByV6() {
        return rib.said().entrySet().stream()
                .anyMatch(route ->
                        route.getKey().isV4() && !route.getValue().nextHop().isV4());
    }
}
