package dev.tombolo.bpf.service;

/** Key of {@code svc_slot}. */
public record ServiceSlotKey(int serviceId, int generation, int slot) {}
