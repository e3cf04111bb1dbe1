package dev.tombolo.bpf.service;

/** {@code enum backend_state}: only an active backend gets new connections, a terminating one keeps its sockets. */
public enum BackendState {
    ACTIVE,
    TERMINATING,
    QUARANTINED
}
