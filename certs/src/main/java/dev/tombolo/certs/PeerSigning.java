package dev.tombolo.certs;

import dev.tombolo.model.Invalid;

/** What came of a peer's request for a client certificate. */
public sealed interface PeerSigning {
    /** The certificate to hand back. */
    record Signed(String certificatePem) implements PeerSigning {}

    /** Not signed; the reason is for the one who declared the peer. */
    record Refused(Invalid why) implements PeerSigning {}
}
