package dev.tombolo.bpf.egress;

import dev.tombolo.model.net.IpAddress;

/**
 * Record of {@code eg_events}: a flow that got an egress address, or a packet that was dropped.
 *
 * @param time of the kernel's monotonic clock, in nanoseconds
 * @param address that the flow got; unspecified for none
 * @param reason number of {@code verdict_reason}
 * @param hook number of {@code hook}
 * @param withheld drops for the same reason on the same CPU since the last that was told
 */
public record EgressEvent(
        long time,
        IpAddress near,
        IpAddress far,
        IpAddress address,
        int reason,
        int hook,
        int policyId,
        int ifindex,
        int withheld,
        int nearPort,
        int farPort,
        int port,
        int protocol) {}
