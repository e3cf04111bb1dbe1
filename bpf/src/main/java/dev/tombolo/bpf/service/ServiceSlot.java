package dev.tombolo.bpf.service;

/** Value of {@code svc_slot}. */
public record ServiceSlot(int backendId) {}
