package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** All peers, those that are put routes before they are configured too. They take turns. */
final class Peers {
    /** Keeps a command within what ExaBGP reads at once, 16 KiB. */
    private static final int MOST_TOGETHER = 64;

    private final SortedMap<PeerId, PeerLink> links = new TreeMap<>();
    private final Map<Ends, PeerLink> byEnds = new HashMap<>();
    private final Map<Session, PeerLink> bySession = new HashMap<>();
    private int turn;

    PeerLink link(PeerId id, Instant now) {
        return links.computeIfAbsent(id, _ -> new PeerLink(now));
    }

    Optional<PeerLink> existing(PeerId id) {
        return Optional.ofNullable(links.get(id));
    }

    /** Those that are there from now on, and no others. */
    void become(Collection<BgpPeer> wanted, Instant now) {
        var byId = new HashMap<PeerId, BgpPeer>();
        wanted.forEach(peer -> byId.put(peer.id(), peer));
        byId.keySet().forEach(id -> link(id, now));
        byEnds.clear();
        bySession.clear();
        links.forEach((id, link) -> link.become(Optional.ofNullable(byId.get(id)), now));
        forgetGone();
        links.values()
                .forEach(link -> link.peer().ifPresent(peer -> {
                    byEnds.put(Ends.of(peer), link);
                    bySession.put(Session.of(peer), link);
                }));
    }

    /** A router that has another name now keeps its session, so that the old name goes when nobody puts routes for it any more. */
    private void forgetGone() {
        links.values()
                .removeIf(link -> link.peer().isEmpty() && link.rib.wanted().isEmpty());
    }

    /** Whether one of these is wanted, and was not when its routes were read. */
    boolean areStrangersAmong(List<Neighbour> neighbours) {
        return neighbours.stream()
                .map(neighbour -> bySession.get(neighbour.session()))
                .anyMatch(link -> link != null && link.session().isEmpty());
    }

    /** Returns what is news of sessions, of what was asked for then. */
    List<SpeakerEvent> seen(List<Neighbour> neighbours, Instant askedAt, Instant now) {
        var bySeen = new HashMap<Session, Neighbour>();
        neighbours.forEach(neighbour -> bySeen.put(neighbour.session(), neighbour));
        var events = new ArrayList<SpeakerEvent>();
        bySession.forEach((session, link) -> {
            var neighbour = bySeen.get(session);
            if (neighbour == null) {
                link.forget(Optional.of("ExaBGP does not have this session"), now);
            } else if (link.seen(neighbour, askedAt, now)) {
                link.negotiated().ifPresent(agreed -> events.add(new SpeakerEvent.SessionUp(link.id(), agreed)));
            }
        });
        return events;
    }

    /** An event of ExaBGP; what those who listen are told of it. */
    Optional<SpeakerEvent> hear(Line.OfSession line, Instant now) {
        return Optional.ofNullable(byEnds.get(line.ends())).flatMap(link -> link.hear(line, now));
    }

    /** From the lines of {@code show adj-rib out extensive}; returns how many could not be read. */
    int learn(List<String> lines, boolean adopts) {
        var found = new HashMap<Session, Map<Prefix, PathAttributes>>();
        int unread = 0;
        for (String line : lines) {
            var route = RouteLine.parse(line);
            route.ifPresent(read -> found.computeIfAbsent(read.session(), _ -> new HashMap<>())
                    .put(read.route().prefix(), read.route().attributes()));
            unread += route.isPresent() ? 0 : 1;
        }
        bySession.forEach((session, link) -> link.rib.learn(found.getOrDefault(session, Map.of()), adopts));
        return unread;
    }

    void loseFlight(Instant now) {
        links.values().forEach(link -> link.rib.loseFlight(now));
    }

    /** Sessions may be up, but nobody can say so. */
    void lost(Instant now) {
        links.values().forEach(link -> link.forget(Optional.empty(), now));
    }

    void settle(Instant now) {
        forgetGone();
        links.values().forEach(link -> link.rib.settle(now));
    }

    Optional<Command> withdrawal() {
        return inTurn(link -> link.session()
                .map(_ -> link.rib.nextWithdrawal())
                .filter(prefixes -> !prefixes.isEmpty())
                .map(prefixes -> new Command.Withdraw(together(link, other -> other.rib.joins(prefixes)), prefixes)));
    }

    Optional<Command> announcement(int most) {
        return inTurn(link -> link.session()
                .filter(_ -> link.isUp())
                .flatMap(_ -> link.rib.nextAnnouncement(link.negotiated(), most))
                .map(next -> new Command.Announce(
                        together(link, other -> isToldAlike(link, other) && other.rib.joins(next, other.negotiated())),
                        next.attributes(),
                        next.prefixes())));
    }

    private static boolean isToldAlike(PeerLink one, PeerLink other) {
        return other.isUp()
                && other.session().map(Session::added).equals(one.session().map(Session::added));
    }

    /** Those that join, which counts as told. Most routers are told the same, and ExaBGP reads it once for all. */
    private List<Session> together(PeerLink first, Predicate<PeerLink> joins) {
        var sessions = new ArrayList<>(List.of(first.session().orElseThrow()));
        for (var other : links.values()) {
            boolean fits = sessions.size() < MOST_TOGETHER && other != first;
            other.session().filter(_ -> fits && joins.test(other)).ifPresent(sessions::add);
        }
        return List.copyOf(sessions);
    }

    Optional<Command> endOfRib() {
        return inTurn(link -> link.isUp() && link.rib.pending() == 0
                ? link.endOfRib().flatMap(family -> link.session().map(s -> new Command.EndOfRib(s, family)))
                : Optional.empty());
    }

    /** One with much to say must not make the others wait. */
    private Optional<Command> inTurn(Function<PeerLink, Optional<? extends Command>> says) {
        var all = List.copyOf(links.values());
        for (int i = 0; i < all.size(); i++) {
            var command = says.apply(all.get((turn + i) % all.size()));
            if (command.isPresent()) {
                turn = (turn + i + 1) % all.size();
                return Optional.of(command.get());
            }
        }
        return Optional.empty();
    }

    /** What those who listen are told of it. */
    List<SpeakerEvent> answered(Command.Withdraw withdraw, Instant now) {
        var told = of(withdraw.sessions());
        told.forEach(link -> link.rib.answered(withdraw.prefixes(), now));
        return told.stream()
                .filter(PeerLink::isUp)
                .<SpeakerEvent>map(up -> new SpeakerEvent.Withdrawn(up.id(), withdraw.prefixes()))
                .toList();
    }

    void answered(Command.Announce announce, boolean done, Instant now) {
        of(announce.sessions()).forEach(link -> {
            if (done) {
                link.rib.answered(announce.prefixes(), now);
            } else {
                link.rib.failed(announce, "ExaBGP refused: " + announce.text(), now);
            }
        });
    }

    void answered(Command.EndOfRib endOfRib, boolean done) {
        of(List.of(endOfRib.session())).forEach(link -> link.told(endOfRib.family(), done));
    }

    private List<PeerLink> of(List<Session> sessions) {
        return sessions.stream().map(bySession::get).filter(Objects::nonNull).toList();
    }

    SortedMap<PeerId, PeerLink> links() {
        return links;
    }

    SortedMap<PeerId, PeerStatus> status(Instant now) {
        var all = new TreeMap<PeerId, PeerStatus>();
        links.forEach((id, link) -> all.put(id, link.status(now)));
        return all;
    }
}
