package dev.tombolo.egress.report;

import dev.tombolo.egress.report.PolicyCondition.Truth;
import java.util.List;

/**
 * What a pool has come to.
 *
 * @param ranges its ranges in one line
 * @param total how many addresses it can give to policies
 * @param used how many of them policies use
 */
public record PoolStatus(String ranges, long total, long used, List<Condition> conditions) {
    public PoolStatus {
        conditions = List.copyOf(conditions);
    }

    /**
     * One statement about a pool.
     *
     * @param reason one CamelCase word
     */
    public record Condition(Type type, Truth truth, String reason, String message) {
        static Condition of(Type type, boolean holds, String reason, String message) {
            return new Condition(type, holds ? Truth.True : Truth.False, reason, message);
        }
    }

    /** What is stated; the names are the API's. */
    public enum Type {
        /** Policies can use its addresses. */
        Ready,
        /** Some of its addresses are another pool's. */
        Conflict,
        /** Some of it cannot be meant, and is not in force. */
        Invalid,
        /** A policy asks for an address and gets none. */
        Exhausted
    }
}
