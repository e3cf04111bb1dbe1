package dev.tombolo.bpf.egress;

/**
 * Value of {@code eg_bucket}, which only the programs write.
 *
 * @param until when what was let out will have taken its time, of the kernel's monotonic clock
 * @param dropped packets beyond the rate
 */
public record EgressBucket(long until, long dropped, long droppedBytes) {}
