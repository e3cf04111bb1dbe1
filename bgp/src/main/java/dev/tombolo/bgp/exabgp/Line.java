package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.SessionState;

/** What is read from the bridge: answers and events, mixed. */
sealed interface Line {
    /** The first line of each connection, from the bridge itself. */
    record Greeting(long instance, long lost) implements Line {}

    record Done() implements Line {}

    record Failed() implements Line {}

    /** A line of an answer. */
    record Words(String text) implements Line {}

    sealed interface OfSession extends Line {
        Ends ends();
    }

    record StateChanged(Ends ends, SessionState state) implements OfSession {}

    record Up(Ends ends) implements OfSession {}

    record Down(Ends ends, String reason) implements OfSession {}

    record Agreed(Ends ends, Negotiated negotiated) implements OfSession {}

    /** @param words of the router's administrator; may be empty */
    record Notified(Ends ends, Notification notification, String words) implements OfSession {}

    /** An event that says nothing that is needed. */
    record Other() implements Line {}

    record Broken(String text) implements Line {}
}
