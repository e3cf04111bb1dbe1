package dev.tombolo.agent.egress.failover;

import dev.tombolo.model.net.IpAddress;

/**
 * How a gateway is asked.
 *
 * @param host the address that its data path answers by
 * @param device the carrier, by which it is asked and by no other
 * @param source this node's
 */
public record Probe(IpAddress host, String device, IpAddress source) {}
