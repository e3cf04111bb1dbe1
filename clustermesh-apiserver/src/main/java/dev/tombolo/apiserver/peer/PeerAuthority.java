package dev.tombolo.apiserver.peer;

import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Lets peers in and keeps them out: their certificates and their users in the own etcd. */
public interface PeerAuthority {
    /** A certificate for a peer, signed by this cluster's authority. */
    record Issued(String pem, Instant expires) {}

    /**
     * Signs the peer's request unless {@code current} still is a good answer to it.
     *
     * @param current PEM of what was issued before; empty if nothing was
     */
    Issued issue(ClusterName peer, String requestPem, Optional<String> current) throws IOException;

    /** Makes the peer's etcd user, with its role. */
    void admit(ClusterName peer) throws IOException;

    /** Removes the peer's etcd user; open watches of it end too. */
    void expel(ClusterName peer) throws IOException;
}
