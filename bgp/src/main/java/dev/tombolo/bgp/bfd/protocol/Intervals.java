package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;

/** DesiredMinTxInterval and RequiredMinRxInterval (RFC 5880, 6.8.1). */
record Intervals(Duration transmit, Duration receive) {
    private static final Duration SLOW = Duration.ofSeconds(1);

    /** What we say of ourselves: until a session is Up it is not worth more than a packet a second (6.8.3). */
    static Intervals advertised(SessionSettings settings, SessionState state) {
        return new Intervals(
                state == SessionState.UP ? settings.transmit() : longer(settings.transmit(), SLOW), settings.receive());
    }

    /**
     * What counts until the neighbour has confirmed the change to {@code next}: it may not know yet that we send
     * less often, nor that it should send more often (6.8.3).
     */
    Intervals until(Intervals next) {
        return new Intervals(shorter(transmit, next.transmit), longer(receive, next.receive));
    }

    static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
