package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshPeerObject.LastError;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kube.object.MeshPeerObject.Status;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.model.Invalid;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a MeshPeer's status says. */
final class PeerStatusPlan {
    static final String VALID = "Valid";
    static final String CONNECTED = "Connected";

    private PeerStatusPlan() {}

    /** A client certificate issued to the peer. */
    record Issued(String pem, Optional<Instant> expires) {
        static final Issued NONE = new Issued("", Optional.empty());
    }

    /**
     * Of a peer that is read.
     *
     * @param anyPathAnswers whether any node of the peer answers any of ours; empty if nobody knows
     */
    static Status status(
            PeerMirror.Report report, Optional<Boolean> anyPathAnswers, Issued issued, Status before, Instant now) {
        State state = state(report.state(), anyPathAnswers);
        boolean fresh = state == State.Fresh;
        boolean stale = state == State.Stale || state == State.Dead;
        Optional<String> waiting = switch (report.state()) {
            case SourceState.Connecting(var what) -> Optional.of("waiting for " + what);
            case SourceState.Fresh _ -> Optional.empty();
            case SourceState.Stale(var _, var cause) -> Optional.of(cause);
        };
        var error = report.lastFailure()
                .map(failure -> error(failure.cause().name(), failure.message(), before, now))
                .or(() -> waiting.map(text -> error("Waiting", text, before, now)));
        String message = error.map(LastError::message).orElse("connected and up to date")
                + (state == State.Dead ? "; no path to any of its nodes answers either" : "");
        String reason = fresh ? "Fresh" : error.map(LastError::cause).orElse("Connecting");
        return new Status(
                state,
                fresh,
                stale ? Optional.of(report.since()) : Optional.empty(),
                fresh ? heartbeat(before, now) : before.lastHeartbeat(),
                counts(report.counts()),
                report.refused(),
                error,
                issued.pem(),
                issued.expires(),
                List.of(
                        condition(VALID, true, "Declared", "the declaration is valid", before, now),
                        condition(CONNECTED, fresh, reason, message, before, now)));
    }

    /** A mesh server that is away says nothing about its cluster; only together with dead paths is the peer dead. */
    private static State state(SourceState source, Optional<Boolean> anyPathAnswers) {
        return switch (source) {
            case SourceState.Connecting _ -> State.Connecting;
            case SourceState.Fresh _ -> State.Fresh;
            case SourceState.Stale _ -> anyPathAnswers.orElse(true) ? State.Stale : State.Dead;
        };
    }

    /** Of a peer whose declaration is refused, or that cannot be read yet. */
    static Status waiting(String reason, String message, boolean valid, Issued issued, Status before, Instant now) {
        return new Status(
                State.Connecting,
                false,
                Optional.empty(),
                before.lastHeartbeat(),
                before.counts(),
                before.refused(),
                Optional.of(error(reason, message, before, now)),
                issued.pem(),
                issued.expires(),
                List.of(
                        condition(VALID, valid, valid ? "Declared" : reason, valid ? "" : message, before, now),
                        condition(CONNECTED, false, reason, message, before, now)));
    }

    /** The same, with something that went wrong beside it: what is read of the peer is read all the same. */
    static Status withFailure(Status status, IOException failure, Status before, Instant now) {
        boolean refused = failure instanceof PeerAuthority.RequestRefused;
        String cause = refused ? "CertificateRequestRefused" : "Failed";
        String message = String.valueOf(failure.getMessage());
        var valid = condition(VALID, !refused, refused ? cause : "Declared", refused ? message : "", before, now);
        return new Status(
                status.state(),
                status.connected(),
                status.staleSince(),
                status.lastHeartbeat(),
                status.counts(),
                status.refused(),
                Optional.of(error(cause, message, before, now)),
                status.issuedCertificate(),
                status.issuedCertificateExpires(),
                Stream.concat(
                                Stream.of(valid),
                                status.conditions().stream()
                                        .filter(other -> !other.type().equals(VALID)))
                        .toList());
    }

    static String text(List<Invalid> problems) {
        return String.join("; ", problems.stream().map(Invalid::toString).toList());
    }

    /** To the minute: a status that moved with every beat would be written, and watched by everybody, with every beat. */
    private static Optional<Instant> heartbeat(Status before, Instant now) {
        return before.lastHeartbeat()
                .filter(old -> old.plusSeconds(60).isAfter(now))
                .or(() -> Optional.of(now));
    }

    /** The time of the first of equal errors stays, so that a status that says the same is not written again. */
    private static LastError error(String cause, String message, Status before, Instant now) {
        return before.lastError()
                .filter(old -> old.cause().equals(cause) && old.message().equals(message))
                .orElseGet(() -> new LastError(cause, message, Optional.of(now)));
    }

    private static Condition condition(
            String type, boolean holds, String reason, String message, Status before, Instant now) {
        var since = before.conditions().stream()
                .filter(old -> old.type().equals(type) && old.holds() == holds)
                .findFirst()
                .flatMap(Condition::lastTransitionTime)
                .orElse(now);
        return Condition.of(type, holds, reason, message, since);
    }

    private static Counts counts(Map<Kind, Integer> counts) {
        return new Counts(
                counts.getOrDefault(Kind.NODES, 0),
                counts.getOrDefault(Kind.IDENTITIES, 0),
                counts.getOrDefault(Kind.IPS, 0),
                counts.getOrDefault(Kind.SERVICES, 0));
    }
}
