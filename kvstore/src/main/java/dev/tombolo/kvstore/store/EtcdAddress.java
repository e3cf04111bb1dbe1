package dev.tombolo.kvstore.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where an etcd is and how it is spoken to.
 *
 * @param endpoints {@code https://host:port}, any of which may answer
 * @param serverName the name that the server's certificate must have, where it is not the endpoint's host
 * @param tls asked at each handshake, so that a renewed certificate is used; empty for plain text on loopback
 */
public record EtcdAddress(List<String> endpoints, Optional<String> serverName, Optional<Supplier<TlsMaterial>> tls) {
    public EtcdAddress {
        endpoints = List.copyOf(endpoints);
    }

    public static EtcdAddress plain(String endpoint) {
        return new EtcdAddress(List.of(endpoint), Optional.empty(), Optional.empty());
    }
}
