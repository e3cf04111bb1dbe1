package dev.tombolo.bpf.service;

/** Key of {@code svc_backend}. */
public record BackendKey(int backendId) {}
