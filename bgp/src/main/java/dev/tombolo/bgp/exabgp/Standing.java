package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.ChannelState;
import java.time.Instant;
import java.util.Optional;

/** How things are between the speaker and ExaBGP, since when and why. */
final class Standing {
    private Phase phase = Phase.ABSENT;
    private ChannelState told = ChannelState.ABSENT;
    private boolean stalled;
    private String reason = "not connected yet";
    private Instant since;

    enum Phase {
        ABSENT,
        /** Connected; answers are those to an earlier agent until ExaBGP has told its version. */
        GREETING,
        LEARNING,
        READY
    }

    Standing(Instant now) {
        since = now;
    }

    /** Returns what it is now if that is news to those who listen. */
    Optional<ChannelState> enter(Phase next, String why, Instant now) {
        phase = next;
        stalled = false;
        return become(why, now);
    }

    Optional<ChannelState> stall(boolean now, String why, Instant when) {
        stalled = now;
        return become(why, when);
    }

    private Optional<ChannelState> become(String why, Instant now) {
        reason = why;
        if (channel() == told) {
            return Optional.empty();
        }
        since = now;
        told = channel();
        return Optional.of(told);
    }

    ChannelState channel() {
        return switch (phase) {
            case ABSENT -> ChannelState.ABSENT;
            case GREETING, LEARNING -> stalled ? ChannelState.STALLED : ChannelState.LEARNING;
            case READY -> stalled ? ChannelState.STALLED : ChannelState.READY;
        };
    }

    boolean is(Phase asked) {
        return phase == asked;
    }

    /** Whether there is anyone who would understand what is said. */
    boolean speaks() {
        return phase == Phase.LEARNING || phase == Phase.READY;
    }

    boolean isStalled() {
        return stalled;
    }

    String reason() {
        return reason;
    }

    Instant since() {
        return since;
    }
}
