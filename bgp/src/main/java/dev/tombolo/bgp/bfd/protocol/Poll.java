package dev.tombolo.bgp.bfd.protocol;

/** Whether our parameters wait for the neighbour's confirmation (RFC 5880, 6.5). */
public enum Poll {
    NONE,
    RUNNING,
    /** They changed once more meanwhile: the Final bit to come may still answer to the change before. */
    RUNNING_AND_ONE_MORE;

    Poll next() {
        return this == NONE ? RUNNING : RUNNING_AND_ONE_MORE;
    }

    Poll answered() {
        return this == RUNNING_AND_ONE_MORE ? RUNNING : NONE;
    }
}
