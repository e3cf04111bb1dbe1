package dev.tombolo.benchmarks.rate;

/**
 * What was sent by one CPU, on which it was received too.
 *
 * @param wallNanos from the first packet to the last
 * @param cpuNanos of the CPU, whoever used them for the packets
 */
record Sent(long packets, long wallNanos, long cpuNanos) {}
