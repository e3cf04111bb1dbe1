package dev.tombolo.apiserver.derive;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Whether kinds that Cilium has too are ours. Used by one thread. */
public final class OwnKinds {
    /** Cilium may be installed or taken away at any time. */
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    private final Question question;
    private final Clock clock;
    private Instant asked = Instant.EPOCH;
    private boolean ours;

    /** Asked of the cluster. */
    public interface Question {
        boolean areOurs() throws IOException;
    }

    public OwnKinds(Question question, Clock clock) {
        this.question = question;
        this.clock = clock;
    }

    /** As far as was known within a minute. */
    public boolean areOurs() throws IOException {
        return clock.instant().isAfter(asked.plus(ASK_AGAIN)) ? areOursNow() : ours;
    }

    public boolean areOursNow() throws IOException {
        ours = question.areOurs();
        asked = clock.instant();
        return ours;
    }
}
