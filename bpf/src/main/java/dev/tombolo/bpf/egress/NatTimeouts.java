package dev.tombolo.bpf.egress;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a translation outlives its last packet.
 *
 * @param established a TCP connection that was answered
 * @param handshake one that was not
 * @param closing one that was reset, or closed by both ends
 * @param stream datagrams that were answered
 * @param single datagrams and echo requests that were not
 */
public record NatTimeouts(
        Duration established, Duration handshake, Duration closing, Duration stream, Duration single) {
    /** RFC 5382 asks for 2 h 4 min at least, RFC 4787 for 2 min. */
    public static final NatTimeouts DEFAULT = new NatTimeouts(
            Duration.ofSeconds(8_000),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(180),
            Duration.ofSeconds(60));

    /** No program is between the two writes of a new flow for so long. */
    private static final Duration HALF = Duration.ofSeconds(5);

    /** Longer than passes are apart, so that every half is looked at once. */
    private static final Duration YOUNG = Duration.ofSeconds(30);

    private static final int TCP = 6;

    /**
     * Whether there is a reason to look at the other half: whatever that is like, a flow of which this is false is not
     * over, or its other half says so. A half that is alone was left so when it was young.
     */
    boolean mayBeOver(EgressTuple key, EgressNat half, long now) {
        boolean young = now - half.created() <= YOUNG.toNanos();
        return now - half.lastSeen() > (young ? HALF : least(key, half)).toNanos();
    }

    /** Only what comes back knows whether there was an answer. */
    private Duration least(EgressTuple key, EgressNat half) {
        boolean answered = key.isOutward() || half.has(EgressNat.REPLIED);
        if (key.protocol() != TCP) {
            return answered ? stream : single;
        }
        boolean ending = half.has(EgressNat.SEEN_RST) || half.has(EgressNat.SEEN_FIN);
        return ending ? closing : answered ? established : handshake;
    }

    /** Whether a flow is over, or its half is all that a program left which was stopped between two writes. */
    boolean isOver(EgressTuple key, EgressNat half, Optional<EgressNat> other, long now) {
        long lastSeen = Math.max(half.lastSeen(), other.map(EgressNat::lastSeen).orElse(half.lastSeen()));
        var timeout = other.map(whole -> timeout(key, half, whole)).orElse(HALF);
        return now - lastSeen > timeout.toNanos();
    }

    private Duration timeout(EgressTuple key, EgressNat half, EgressNat other) {
        boolean replied = half.has(EgressNat.REPLIED) || other.has(EgressNat.REPLIED);
        if (key.protocol() != TCP) {
            return replied ? stream : single;
        }
        boolean reset = half.has(EgressNat.SEEN_RST) || other.has(EgressNat.SEEN_RST);
        boolean closed = half.has(EgressNat.SEEN_FIN) && other.has(EgressNat.SEEN_FIN);
        if (reset || closed) {
            return closing;
        }
        return replied ? established : handshake;
    }
}
