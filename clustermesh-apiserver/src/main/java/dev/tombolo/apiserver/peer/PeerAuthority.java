package dev.tombolo.apiserver.peer;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Lets peers in and keeps them out: their certificates and their users in the own etcd. */
public interface PeerAuthority {
    /** A certificate for a peer, signed by this cluster's authority. */
    record Issued(String pem, Instant expires) {}

    /** The peer asks for something that it must not have, or in a way that is not understood. */
    final class RequestRefused extends IOException {
        private static final long serialVersionUID = 1;

        public RequestRefused(Invalid why) {
            super("spec.certificateRequest is refused: " + why);
        }
    }

    /**
     * Signs the peer's request unless {@code current} still is a good answer to it.
     *
     * @param current PEM of what was issued before; empty if nothing was
     */
    Issued issue(ClusterName peer, String requestPem, Optional<String> current) throws IOException;

    /** Makes the peer's etcd user, with its role. */
    void admit(ClusterName peer) throws IOException;

    /**
     * Expels every peer that is not declared, whoever admitted it: its user goes, its open watches end, and what was kept
     * for it is removed. One that could not be finished is tried again the next time. The expelled are returned.
     */
    Set<ClusterName> expelAllBut(Set<ClusterName> declared) throws IOException;
}
