package dev.tombolo.bpf.outside;

/**
 * Value of {@code lb_room}, in entries of {@code lb_nat}.
 *
 * @param unanswered those of connections whose client has not gone on
 * @param limit from which on only known clients begin; 0: none
 */
public record ServiceRoom(long unanswered, long limit) {
    /** Whether only known clients begin connections. */
    public boolean isTaken() {
        return limit > 0 && unanswered >= limit;
    }
}
