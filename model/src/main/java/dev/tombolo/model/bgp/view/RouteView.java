package dev.tombolo.model.bgp.view;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.view.ViewLine;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * A route to a router.
 *
 * @param attributes as it was told, or else as it is to be
 * @param standby whether it says that another cluster's is better
 * @param reasons what asked for it; none for one that nobody asks for any more
 * @param why it is not told, or not as it is to be; empty where it is
 */
public record RouteView(
        PeerId peer,
        Prefix prefix,
        State state,
        Attributes attributes,
        boolean standby,
        List<Reason> reasons,
        String why) {
    private static final int FIELDS = 11;

    public enum State {
        /** The program that speaks has acknowledged it, and the session is up. */
        ADVERTISED,
        /** It is planned, and is not acknowledged yet. */
        PENDING,
        /** It is planned, and will not be told as it is. */
        REFUSED,
        /** It was told, nobody asks for it any more, and that it is taken back is not acknowledged yet. */
        LEAVING,
        /** Whoever knows what the router was told cannot be asked. */
        UNKNOWN
    }

    /** What asked for it: the CiliumBGPAdvertisement, and whose address it is. */
    public record Reason(String advertisement, String subject) {}

    /** What is said of it beside its prefix. */
    public record Attributes(
            String nextHop,
            List<String> prepended,
            OptionalLong med,
            OptionalLong localPreference,
            List<String> communities) {
        public Attributes {
            prepended = List.copyOf(prepended);
            communities = List.copyOf(communities);
        }

        public static Attributes of(PathAttributes told) {
            return new Attributes(
                    told.nextHop().toString(),
                    told.prepended().stream().map(Object::toString).toList(),
                    told.med(),
                    told.localPreference(),
                    told.communities().stream().map(Object::toString).toList());
        }
    }

    public RouteView {
        reasons = List.copyOf(reasons);
    }

    public boolean isTold() {
        return state == State.ADVERTISED || state == State.LEAVING;
    }

    RouteView with(List<Reason> more) {
        return new RouteView(peer, prefix, state, attributes, standby, more, why);
    }

    String line() {
        return ViewLine.of(
                peer.instance(),
                peer.peer(),
                prefix.toString(),
                state.name(),
                attributes.nextHop(),
                String.join(" ", attributes.prepended()),
                text(attributes.med()),
                text(attributes.localPreference()),
                String.join(" ", attributes.communities()),
                Boolean.toString(standby),
                why);
    }

    /** Without its reasons. */
    static RouteView of(List<String> fields) {
        ViewLine.expect(fields, FIELDS);
        var attributes = new Attributes(
                fields.get(4), list(fields.get(5)), number(fields.get(6)), number(fields.get(7)), list(fields.get(8)));
        return new RouteView(
                new PeerId(fields.get(0), fields.get(1)),
                Prefix.parse(fields.get(2)),
                State.valueOf(fields.get(3)),
                attributes,
                Boolean.parseBoolean(fields.get(9)),
                List.of(),
                fields.get(10));
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    private static OptionalLong number(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
    }
}
