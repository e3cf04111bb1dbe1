package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;

/** Value of {@code svc_backend}; a row belongs to one service. */
public record BackendRow(IpAddress address, int port, int clusterId, BackendState state, int serviceId) {}
