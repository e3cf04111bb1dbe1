package dev.tombolo.agent.egress.attachment;

import java.util.Comparator;

/** A device and what it is to the egress programs. */
public record Attachment(Role role, String device) implements Comparable<Attachment> {
    private static final Comparator<Attachment> ORDER =
            Comparator.comparing(Attachment::role).thenComparing(Attachment::device);

    /** In the order of attaching: the guard of the uplinks comes first, and nothing is steered before it can be carried. */
    enum Role {
        UPLINK,
        GATEWAY_CARRIER,
        SOURCE_CARRIER,
        PODS
    }

    /** Whether packets leave the node there, which are translated or carried before. */
    public boolean isUplink() {
        return role == Role.UPLINK;
    }

    @Override
    public int compareTo(Attachment other) {
        return ORDER.compare(this, other);
    }
}
