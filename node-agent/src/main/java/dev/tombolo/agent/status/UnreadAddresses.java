package dev.tombolo.agent.status;

import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.kvstore.follow.SourceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Own addresses that are not read for long. Nothing else waits for them, so nothing else would show it. */
public final class UnreadAddresses {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private UnreadAddresses() {}

    /** @param started since when they are waited for */
    public static Optional<Problem> problem(SourceState state, Instant started, Instant now) {
        var longAgo = now.minus(LONGEST);
        return switch (state) {
            case SourceState.Connecting(var what)
            when started.isBefore(longAgo) ->
                Optional.of(unread("not read since the agent started, " + started + ", waiting for " + what
                        + "; who this cluster's own addresses belong to is not known on this node"));
            case SourceState.Stale(Instant since, var cause)
            when since.isBefore(longAgo) ->
                Optional.of(unread("not read since " + since + ": " + cause + "; what is known stays in use"));
            case SourceState.Fresh _, SourceState.Connecting _, SourceState.Stale _ -> Optional.empty();
        };
    }

    private static Problem unread(String message) {
        return new Problem("own addresses", message, "see that clustermesh-apiserver runs in tombolo-system");
    }
}
