package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;

/** A connected UDP socket: what it was promised (the service) and what it got (the backend, in a cluster). */
public record ServedSocket(IpAddress service, int servicePort, IpAddress backend, int backendPort, int clusterId) {}
