package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;

/** Key of {@code svc_fe}: what a client dials. */
public record ServiceFrontendKey(IpAddress address, int port, int protocol) {}
