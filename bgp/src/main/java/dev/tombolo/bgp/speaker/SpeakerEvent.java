package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import java.util.List;

/** What happened to a session, or to the way to the program that holds them. */
public sealed interface SpeakerEvent {
    /** Said again, without an end before it, after the program that speaks was out of reach: it may be another session. */
    record SessionUp(PeerId peer, Negotiated negotiated) implements SpeakerEvent {}

    record SessionDown(PeerId peer, String reason) implements SpeakerEvent {}

    record Notified(PeerId peer, Notification notification) implements SpeakerEvent {}

    /** A router with a session has heard that these are gone, as far as the program that speaks can tell. */
    record Withdrawn(PeerId peer, List<Prefix> prefixes) implements SpeakerEvent {}

    record ChannelChanged(ChannelState state, String reason) implements SpeakerEvent {}
}
