package dev.tombolo.egress.flow;

import dev.tombolo.model.net.IpAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A flow that got an egress address, or a packet that was dropped, in the words of users.
 *
 * @param node where it happened
 * @param pod {@code NAMESPACE/NAME}; empty where nobody knows whose address it is
 * @param egress the address and port that the flow got; empty for a packet that was dropped
 * @param policy empty where none was found
 * @param reason why it was dropped, as C says it; empty for a flow
 * @param hook where in the node, as C says it
 * @param withheld drops for the same reason that were not told of before this one
 */
public record EgressFlow(
        Instant time,
        String node,
        String pod,
        End source,
        End destination,
        int protocol,
        Optional<End> egress,
        String policy,
        String reason,
        String hook,
        int withheld) {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 14;

    /** An address and a port; that of an echo request is its id, and where there is none it is 0. */
    public record End(IpAddress address, int port) {
        @Override
        public String toString() {
            String host = address.isV4() ? address.toString() : "[" + address + "]";
            return port == 0 ? address.toString() : host + ":" + port;
        }
    }

    public Verdict verdict() {
        return reason.isEmpty() ? Verdict.TRANSLATED : Verdict.DROPPED;
    }

    /** The reason in words. */
    public String words() {
        return DropWords.of(reason);
    }

    /** The protocol's name, or its number. */
    public String protocolName() {
        return switch (protocol) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            case 132 -> "SCTP";
            default -> Integer.toString(protocol);
        };
    }

    public EgressFlow withPod(String name) {
        return new EgressFlow(time, node, name, source, destination, protocol, egress, policy, reason, hook, withheld);
    }

    /** One line, as an agent's command prints it for the command line to read; no field has a tab in it. */
    public String line() {
        return String.join(
                SEPARATOR,
                time.toString(),
                node,
                pod,
                source.address().toString(),
                Integer.toString(source.port()),
                destination.address().toString(),
                Integer.toString(destination.port()),
                Integer.toString(protocol),
                egress.map(end -> end.address().toString()).orElse(""),
                egress.map(end -> Integer.toString(end.port())).orElse(""),
                policy,
                reason,
                hook,
                Integer.toString(withheld));
    }

    /** Reads what {@link #line} wrote; empty for anything else. */
    public static Optional<EgressFlow> parse(String line) {
        var fields = List.of(line.split(SEPARATOR, -1));
        try {
            return fields.size() == FIELDS ? Optional.of(of(fields)) : Optional.empty();
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static EgressFlow of(List<String> fields) {
        return new EgressFlow(
                Instant.parse(fields.get(0)),
                fields.get(1),
                fields.get(2),
                end(fields, 3),
                end(fields, 5),
                Integer.parseInt(fields.get(7)),
                fields.get(8).isEmpty() ? Optional.empty() : Optional.of(end(fields, 8)),
                fields.get(10),
                fields.get(11),
                fields.get(12),
                Integer.parseInt(fields.get(13)));
    }

    private static End end(List<String> fields, int at) {
        return new End(IpAddress.parse(fields.get(at)), Integer.parseInt(fields.get(at + 1)));
    }
}
