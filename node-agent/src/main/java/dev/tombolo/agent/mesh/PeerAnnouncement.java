package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.store.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How current the copy of a peer is, as the mesh server of this cluster says: only it sees the peer itself, and it keeps
 * its own etcd alive while the peer is away.
 */
public record PeerAnnouncement(State state, Instant since) {
    /** The words of the protocol. */
    public enum State {
        CONNECTING,
        FRESH,
        STALE
    }

    private static final Pattern STATE = Pattern.compile("\"state\"\\s*:\\s*\"(Connecting|Fresh|Stale)\"");
    private static final Pattern SINCE = Pattern.compile("\"since\"\\s*:\\s*\"([^\"]{1,40})\"");
    private static final int LARGEST = 1_000;

    /** Empty for a value that is not one: it says nothing, so nothing is concluded from it. */
    static Optional<PeerAnnouncement> parse(Value value) {
        if (value.size() > LARGEST) {
            return Optional.empty();
        }
        var state = STATE.matcher(value.text());
        var since = SINCE.matcher(value.text());
        if (!state.find() || !since.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PeerAnnouncement(
                    State.valueOf(state.group(1).toUpperCase(java.util.Locale.ROOT)), Instant.parse(since.group(1))));
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }

    /** What is read from a fresh etcd is no fresher than what the mesh server last heard. */
    static SourceState combined(SourceState local, Optional<PeerAnnouncement> announced) {
        if (!(local instanceof SourceState.Fresh) || announced.isEmpty()) {
            return local;
        }
        return switch (announced.get().state()) {
            case FRESH -> local;
            case STALE ->
                new SourceState.Stale(announced.get().since(), "clustermesh-apiserver of this cluster has lost it");
            // There is a copy, but the mesh server has not compared it with the peer since it started.
            case CONNECTING ->
                new SourceState.Stale(
                        announced.get().since(), "clustermesh-apiserver of this cluster has not reached it yet");
        };
    }
}
