package dev.tombolo.model.service;

/** Which backends of a global service are preferred while they are healthy. */
public enum Affinity {
    NONE,
    LOCAL,
    REMOTE
}
