package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.egress.NatTimeouts;
import java.time.Duration;
import java.util.Optional;

/** How long a connection from outside outlives its last packet. */
record ConnectionLife(NatTimeouts timeouts) {
    /** No program is between the two writes of a new connection for so long. */
    private static final Duration HALF = Duration.ofSeconds(5);

    /** Longer than passes are apart, so that every half is looked at once. */
    private static final Duration YOUNG = Duration.ofSeconds(30);

    private static final int TCP = 6;

    /**
     * Whether there is a reason to look at the other half: whatever that is like, a connection of which this is false is
     * not over, or its other half says so. A half that is alone was left so when it was young.
     */
    boolean mayBeOver(ServiceTuple key, ServiceTranslation half, long now) {
        boolean young = now - half.created() <= YOUNG.toNanos();
        return now - half.lastSeen() > (young ? HALF : least(key, half)).toNanos();
    }

    private Duration least(ServiceTuple key, ServiceTranslation half) {
        boolean ending = half.has(ServiceTranslation.SEEN_RST) || half.has(ServiceTranslation.SEEN_FIN);
        return ending && key.protocol() == TCP ? timeouts.closing() : open(key, half.has(ServiceTranslation.REPLIED));
    }

    boolean isOver(ServiceTuple key, ServiceTranslation half, Optional<ServiceTranslation> other, long now) {
        long lastSeen = Math.max(
                half.lastSeen(), other.map(ServiceTranslation::lastSeen).orElse(half.lastSeen()));
        return now - lastSeen > timeout(key, half, other).toNanos();
    }

    private Duration timeout(ServiceTuple key, ServiceTranslation half, Optional<ServiceTranslation> other) {
        if (half.has(ServiceTranslation.HANDED_ON)) {
            return handedOn(key, half);
        }
        return other.map(whole -> timeout(key, half, whole)).orElse(HALF);
    }

    private Duration timeout(ServiceTuple key, ServiceTranslation half, ServiceTranslation other) {
        boolean reset = half.has(ServiceTranslation.SEEN_RST) || other.has(ServiceTranslation.SEEN_RST);
        boolean closed = half.has(ServiceTranslation.SEEN_FIN) && other.has(ServiceTranslation.SEEN_FIN);
        if (key.protocol() == TCP && (reset || closed)) {
            return timeouts.closing();
        }
        return open(key, half.has(ServiceTranslation.REPLIED) && other.has(ServiceTranslation.REPLIED));
    }

    /** What the backend says is not seen here: its client's going on has to do. */
    private Duration handedOn(ServiceTuple key, ServiceTranslation half) {
        if (key.protocol() == TCP && half.has(ServiceTranslation.SEEN_RST)) {
            return timeouts.closing();
        }
        return open(key, half.has(ServiceTranslation.REPLIED));
    }

    /** @param both whether each side has said something that only an answer of the other leads to */
    private Duration open(ServiceTuple key, boolean both) {
        if (key.protocol() == TCP) {
            return both ? timeouts.established() : timeouts.handshake();
        }
        return both ? timeouts.stream() : timeouts.single();
    }
}
