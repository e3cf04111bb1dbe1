package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;

/** Value of {@code udp_reverse}: the service that the backend stands for, and the backend's cluster. */
public record UdpReverse(IpAddress service, int port, int clusterId) {}
