package dev.tombolo.bgp.exabgp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.EnumSet;

/** Reads lines of ExaBGP's dialect of JSON, some of which is none; nothing that comes in makes it throw. */
final class LineReading {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LineReading() {}

    static Line read(String text) {
        return switch (text) {
            case "done" -> new Line.Done();
            case "error" -> new Line.Failed();
            default -> text.startsWith("{") ? event(text) : new Line.Words(text);
        };
    }

    private static Line event(String text) {
        try {
            return event(JSON.readTree(text));
        } catch (JsonProcessingException | IllegalArgumentException broken) {
            return new Line.Broken(text);
        }
    }

    private static Line event(JsonNode event) {
        if (event.has("bridge")) {
            var bridge = event.get("bridge");
            return new Line.Greeting(
                    bridge.path("instance").asLong(), bridge.path("dropped").asLong());
        }
        var neighbour = event.path("neighbor");
        return switch (event.path("type").asText()) {
            case "state" -> state(neighbour);
            case "fsm" ->
                new Line.StateChanged(
                        ends(neighbour), fsm(neighbour.path("state").asText()));
            case "negotiated" -> new Line.Agreed(ends(neighbour), negotiated(neighbour.path("negotiated")));
            case "notification" -> notification(neighbour);
            default -> new Line.Other();
        };
    }

    private static Line state(JsonNode neighbour) {
        return switch (neighbour.path("state").asText()) {
            case "up" -> new Line.Up(ends(neighbour));
            case "down" ->
                new Line.Down(ends(neighbour), reason(neighbour.path("reason").asText()));
            default -> new Line.Other();
        };
    }

    /** The one of the process itself, that it shuts down, has no neighbour. */
    private static Line notification(JsonNode neighbour) {
        if (!neighbour.has("notification")) {
            return new Line.Other();
        }
        var direction = neighbour.path("direction").asText().equals("receive")
                ? Notification.Direction.RECEIVED
                : Notification.Direction.SENT;
        var told = neighbour.get("notification");
        return new Line.Notified(
                ends(neighbour),
                new Notification(
                        direction,
                        told.path("code").asInt(),
                        told.path("subcode").asInt()));
    }

    private static Ends ends(JsonNode neighbour) {
        var address = neighbour.path("address");
        var asn = neighbour.path("asn");
        return new Ends(
                IpAddress.parse(address.path("local").asText()),
                IpAddress.parse(address.path("peer").asText()),
                new Asn(asn.path("local").asLong()),
                new Asn(asn.path("peer").asLong()));
    }

    private static Negotiated negotiated(JsonNode text) {
        var families = EnumSet.noneOf(BgpFamily.class);
        for (var family : text.path("families")) {
            for (var known : BgpFamily.values()) {
                if (family.asText().equals(known.afi() + " unicast")) {
                    families.add(known);
                }
            }
        }
        boolean v4ByV6 = false;
        for (var conversion : text.path("nexthop")) {
            v4ByV6 |= conversion.asText().equals("ipv4 unicast ipv6");
        }
        return new Negotiated(Duration.ofSeconds(text.path("hold_time").asLong()), families, v4ByV6);
    }

    static SessionState fsm(String name) {
        return switch (name) {
            case "IDLE" -> SessionState.IDLE;
            case "CONNECT" -> SessionState.CONNECT;
            case "ACTIVE" -> SessionState.ACTIVE;
            case "OPENSENT" -> SessionState.OPEN_SENT;
            case "OPENCONFIRM" -> SessionState.OPEN_CONFIRM;
            case "ESTABLISHED" -> SessionState.ESTABLISHED;
            default -> SessionState.UNKNOWN;
        };
    }

    /** Of {@code peer reset, message (WHAT) error(WHY)}, both; else as it is. */
    private static String reason(String text) {
        String inner = text.replaceFirst("^peer reset, message ", "").replace(" error(", ": ");
        return inner.equals(text)
                ? text
                : inner.replaceFirst("^\\(", "").replaceFirst("\\): ", ": ").replaceFirst("\\)$", "");
    }
}
