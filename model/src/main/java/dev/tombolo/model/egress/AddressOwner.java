package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;
import java.time.Instant;

/**
 * Which node may send under a floating address.
 *
 * @param epoch rises by one with every owner, so that an owner can tell that it was deposed meanwhile
 * @param group for which it holds the address, as people are shown it
 */
public record AddressOwner(IpAddress address, String node, long epoch, String group, Instant since) {}
