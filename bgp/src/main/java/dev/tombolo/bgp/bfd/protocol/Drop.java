package dev.tombolo.bgp.bfd.protocol;

/** Why a datagram was not taken for a packet of a session; the names are metric labels and never change. */
public enum Drop {
    TOO_SHORT,
    WRONG_VERSION,
    WRONG_LENGTH,
    NO_MULTIPLIER,
    MULTIPOINT,
    NO_DISCRIMINATOR,
    /** Without our discriminator a neighbour may only be in Down or AdminDown. */
    NOT_DOWN,
    /** We hold no keys, and whoever asks for authentication is not who we were told of. */
    AUTHENTICATED,
    /** It came over a router, and its session is with a neighbour on the link (RFC 5881, 5; RFC 5082). */
    WRONG_TTL,
    UNKNOWN_DISCRIMINATOR,
    UNKNOWN_PEER
}
