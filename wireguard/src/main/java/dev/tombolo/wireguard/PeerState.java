package dev.tombolo.wireguard;

import java.time.Instant;
import java.util.Optional;

/** A peer as the device has it, with what has happened since; the endpoint is where it last called from. */
public record PeerState(WireGuardPeer peer, Optional<Instant> lastHandshake, long rxBytes, long txBytes) {}
