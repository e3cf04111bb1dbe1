package dev.tombolo.apiserver.peer;

import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshPeerObject.LastError;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kube.object.MeshPeerObject.Status;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.model.Invalid;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a MeshPeer's status says. */
final class PeerStatusPlan {
    static final String VALID = "Valid";
    static final String CONNECTED = "Connected";

    private PeerStatusPlan() {}

    /** A client certificate issued to the peer. */
    record Issued(String pem, Optional<Instant> expires) {
        static final Issued NONE = new Issued("", Optional.empty());
    }

    /** Of a peer that is read. */
    static Status status(PeerMirror.Report report, Issued issued, Status before, Instant now) {
        boolean fresh = report.state() instanceof SourceState.Fresh;
        boolean stale = report.state() instanceof SourceState.Stale;
        Optional<String> waiting = switch (report.state()) {
            case SourceState.Connecting(var what) -> Optional.of("waiting for " + what);
            case SourceState.Fresh _ -> Optional.empty();
            case SourceState.Stale(var _, var cause) -> Optional.of(cause);
        };
        var error = report.lastFailure()
                .map(failure -> error(cause(failure), failure.getMessage(), before, now))
                .or(() -> waiting.map(text -> error("Waiting", text, before, now)));
        String message = error.map(LastError::message).orElse("connected and up to date");
        String reason = fresh ? "Fresh" : error.map(LastError::cause).orElse("Connecting");
        return new Status(
                fresh ? State.Fresh : stale ? State.Stale : State.Connecting,
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

    static String text(List<Invalid> problems) {
        return String.join("; ", problems.stream().map(Invalid::toString).toList());
    }

    /** One word for why a peer cannot be read; people search for it. */
    static String cause(KvException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("cluster-config is missing")) {
            return "ClusterConfigMissing";
        }
        if (text.contains("cluster-config mismatch")) {
            return "ClusterConfigMismatch";
        }
        if (text.contains("unknownhost") || text.contains("unable to resolve") || text.contains("name or service")) {
            return "NameNotFound";
        }
        if (text.contains("expired") || text.contains("notafter")) {
            return "CertificateExpired";
        }
        return switch (failure.kind()) {
            case TLS -> text.contains("certification path") ? "UnknownAuthority" : "CertificateRefused";
            case PERMISSION -> "PermissionDenied";
            case UNREACHABLE -> text.contains("refused") ? "ConnectionRefused" : "Unreachable";
            case COMPACTED, CLUSTER_CHANGED, LEASE_LOST -> "Relisting";
            case REFUSED -> "Refused";
        };
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
