package dev.tombolo.benchmarks.rate;

/**
 * Datagrams for services, or for one place.
 *
 * @param address of the first service; the others follow
 */
record Traffic(String address, int port, int services) {}
