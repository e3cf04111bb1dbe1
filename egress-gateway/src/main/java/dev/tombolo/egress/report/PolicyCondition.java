package dev.tombolo.egress.report;

/**
 * One statement about a policy.
 *
 * @param reason one CamelCase word
 */
public record PolicyCondition(Type type, Truth truth, String reason, String message) {
    /** What is stated; the names are the API's. */
    public enum Type {
        /** Every node does what the policy says. */
        Programmed,
        /** It cannot be meant, so nothing of it is in force. */
        Invalid,
        /** Some of it is not in force because of another policy. */
        Conflict,
        /** Some of its pods' packets are dropped, because nothing can carry them. */
        NoGateway,
        /** Most nodes that ask some of its gateways get no answer, so that these are left out while others answer. */
        GatewaysOut,
        /** It selects no pod. */
        NoMatch,
        /** Something in it has no effect. */
        Ignored,
        /** On some nodes a new pod may send before its policies are known. */
        NoPodStartHook,
        /** A gateway has hardly any ports or room left for its connections, or has refused some lately. */
        Saturated
    }

    /** Whether it is so. */
    public enum Truth {
        True,
        False,
        Unknown
    }

    static PolicyCondition of(Type type, boolean holds, String reason, String message) {
        return new PolicyCondition(type, holds ? Truth.True : Truth.False, reason, message);
    }
}
