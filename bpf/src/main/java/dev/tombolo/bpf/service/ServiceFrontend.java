package dev.tombolo.bpf.service;

/** Value of {@code svc_fe}; only slots of this generation count. */
public record ServiceFrontend(int serviceId, int generation, int count, int flags) {}
