package dev.tombolo.bgp.speaker;

/** Why one side ended a session (RFC 4271, 4.5). */
public record Notification(Direction direction, int code, int subcode) {
    public enum Direction {
        SENT,
        RECEIVED
    }

    @Override
    public String toString() {
        String side = direction == Direction.SENT ? "sent" : "received";
        return "%s %d/%d (%s)".formatted(side, code, subcode, words());
    }

    private String words() {
        return switch (code) {
            case 1 -> "malformed message header";
            case 2 -> open();
            case 3 -> "a route it can't take";
            case 4 -> "hold timer expired";
            case 5 -> "message out of turn";
            case 6 -> cease();
            default -> "of a kind unknown";
        };
    }

    private String open() {
        return switch (subcode) {
            case 2 -> "wrong AS number";
            case 3 -> "router ID refused";
            case 6 -> "hold time refused";
            case 7 -> "no address family in common, or another capability is missing";
            default -> "OPEN refused";
        };
    }

    private String cease() {
        return switch (subcode) {
            case 1 -> "too many prefixes";
            case 2 -> "shut down by its administrator";
            case 3 -> "peer removed from its configuration";
            case 4 -> "reset by its administrator";
            case 5 -> "connection refused";
            case 6 -> "configuration changed";
            case 7 -> "connections collided";
            case 8 -> "out of resources";
            case 9 -> "hard reset";
            case 10 -> "BFD down";
            default -> "ceased";
        };
    }
}
