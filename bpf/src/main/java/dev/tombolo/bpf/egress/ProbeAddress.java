package dev.tombolo.bpf.egress;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/**
 * The addresses by which a node asks its gateways whether they are there, one for each carrier. No machine has any of
 * them: the program at a carrier's far end answers for all of the range.
 */
public final class ProbeAddress {
    /** That of {@code egress_probe.h}. */
    public static final Prefix RANGE = Prefix.parse("169.254.64.0/18");

    private static final int COUNT = 1 << 32 - RANGE.length();

    private ProbeAddress() {}

    /** Of the carrier with that number, 0 to 16383: 169.254.(64+N/256).(N%256). */
    public static IpAddress of(int carrier) {
        if (carrier < 0 || carrier >= COUNT) {
            throw new IllegalArgumentException("carrier " + carrier + " is not within 0–" + (COUNT - 1));
        }
        return RANGE.address().plus(carrier);
    }
}
