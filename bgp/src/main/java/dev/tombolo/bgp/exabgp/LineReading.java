package dev.tombolo.bgp.exabgp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.Notification.Direction;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads lines of ExaBGP's dialect of JSON, some of which is none; nothing that comes in makes it throw. */
final class LineReading {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern RESET = Pattern.compile("peer reset, message \\((.*)\\) error\\((.*)\\)");

    private static final int CEASE = 6;
    /** Shut down, and reset. */
    private static final Set<Integer> SAY_WHY = Set.of(2, 4);

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

    /** Ours in words, the router's in bytes. The one of the process itself has no neighbour. */
    private static Line notification(JsonNode neighbour) {
        if (neighbour.has("notification")) {
            var told = neighbour.get("notification");
            int code = told.path("code").asInt();
            boolean sent = neighbour.path("direction").asText().equals("send");
            return new Line.Notified(
                    ends(neighbour),
                    new Notification(
                            sent ? Direction.SENT : Direction.RECEIVED,
                            code,
                            told.path("subcode").asInt()),
                    "");
        }
        return neighbour.has("message")
                ? received(
                        ends(neighbour), neighbour.path("message").path("body").asText())
                : new Line.Other();
    }

    /** @param text {@code 0x}, code and subcode, and then what depends on them */
    private static Line received(Ends ends, String text) {
        byte[] body = HexFormat.of().parseHex(text.replaceFirst("^0x", ""));
        if (body.length < 2) {
            throw new IllegalArgumentException("a NOTIFICATION of " + body.length + " bytes");
        }
        var notification = new Notification(Direction.RECEIVED, body[0] & 0xff, body[1] & 0xff);
        return new Line.Notified(ends, notification, shutdownMessage(notification, body));
    }

    /** What the administrator says who ended the session (RFC 9003): its length in a byte, and UTF-8. */
    private static String shutdownMessage(Notification notification, byte[] body) {
        boolean has = notification.code() == CEASE && SAY_WHY.contains(notification.subcode()) && body.length > 3;
        return has
                ? new String(body, 3, Math.min(body[2] & 0xff, body.length - 3), StandardCharsets.UTF_8)
                        .replaceAll("\\p{Cntrl}", " ")
                : "";
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

    /** Of {@code peer reset, message (WHAT) error(WHY)}, both, as far as they are there; else as it is. */
    private static String reason(String text) {
        var parts = RESET.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        return Stream.of(parts.group(1), parts.group(2))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(": "));
    }
}
