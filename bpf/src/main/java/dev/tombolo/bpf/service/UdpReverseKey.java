package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;

/** Key of {@code udp_reverse}: a socket by its cookie, and a backend that it got. */
public record UdpReverseKey(long cookie, IpAddress backend, int port) {}
