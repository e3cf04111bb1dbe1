package dev.tombolo.model.service;

import dev.tombolo.model.net.Protocol;

/** A port with its protocol; the name that joins clusters is kept beside it, as the key of a map. */
public record ServicePort(Protocol protocol, int port) {
    public ServicePort {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 1–65535");
        }
    }

    @Override
    public String toString() {
        return port + "/" + protocol;
    }
}
