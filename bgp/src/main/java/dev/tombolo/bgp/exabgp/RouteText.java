package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Attributes in ExaBGP's words, as commands have them and as {@code show adj-rib out extensive} prints them. */
final class RouteText {
    private RouteText() {}

    /** A path that is given is all of the path: what the session would add to it has to be in it. */
    static String attributes(Optional<Asn> added, PathAttributes attributes) {
        var text = new StringBuilder("next-hop " + attributes.nextHop());
        if (!attributes.prepended().isEmpty()) {
            var path = new ArrayList<>(attributes.prepended());
            added.ifPresent(path::add);
            list(text, "as-path", path);
        }
        attributes.med().ifPresent(med -> text.append(" med ").append(med));
        attributes
                .localPreference()
                .ifPresent(value -> text.append(" local-preference ").append(value));
        list(text, "community", of(attributes, Community.Standard.class::isInstance));
        list(text, "large-community", of(attributes, Community.Large.class::isInstance));
        return text.toString();
    }

    private static List<Community> of(PathAttributes attributes, Predicate<Community> kind) {
        return attributes.communities().stream().filter(kind).toList();
    }

    private static void list(StringBuilder text, String name, Collection<?> items) {
        if (!items.isEmpty()) {
            String all = items.stream().map(Object::toString).collect(Collectors.joining(" "));
            text.append(' ').append(name).append(" [ ").append(all).append(" ]");
        }
    }

    /** Reads {@code PREFIX next-hop ADDRESS …}; empty if there is something in it that is never ours. */
    static Optional<BgpRoute> parse(Optional<Asn> added, String text) {
        var words = new Words(text.trim().split(" +"));
        try {
            return Optional.of(route(added, words));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static BgpRoute route(Optional<Asn> added, Words words) {
        var prefix = Prefix.parse(words.next());
        Optional<IpAddress> hop = Optional.empty();
        List<Asn> path = List.of();
        var med = OptionalLong.empty();
        var preference = OptionalLong.empty();
        var communities = new TreeSet<Community>();
        while (words.hasNext()) {
            String name = words.next();
            switch (name) {
                case "next-hop" -> hop = IpAddress.tryParse(words.next());
                case "as-path" -> path = prepended(added, words.items());
                case "med" -> med = OptionalLong.of(Long.parseLong(words.next()));
                case "local-preference" -> preference = OptionalLong.of(Long.parseLong(words.next()));
                case "community", "large-community" ->
                    words.items().stream().map(RouteText::community).forEach(communities::add);
                case "origin" -> words.next();
                default -> throw new IllegalArgumentException(name);
            }
        }
        return new BgpRoute(
                prefix,
                new PathAttributes(hop.orElseThrow(IllegalArgumentException::new), path, med, preference, communities));
    }

    private static List<Asn> prepended(Optional<Asn> added, List<String> path) {
        var all = path.stream().map(number -> new Asn(Long.parseLong(number))).toList();
        boolean ends = added.isPresent() && !all.isEmpty() && all.getLast().equals(added.get());
        return ends ? all.subList(0, all.size() - 1) : all;
    }

    private static Community community(String text) {
        long[] parts =
                Arrays.stream(name(text).split(":")).mapToLong(Long::parseLong).toArray();
        return switch (parts.length) {
            case 2 -> new Community.Standard((int) parts[0], (int) parts[1]);
            case 3 -> new Community.Large(parts[0], parts[1], parts[2]);
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** Those that ExaBGP prints by name. */
    private static String name(String text) {
        return switch (text) {
            case "no-export" -> "65535:65281";
            case "no-advertise" -> "65535:65282";
            case "no-export-subconfed" -> "65535:65283";
            case "no-peer" -> "65535:65284";
            case "blackhole" -> "65535:666";
            default -> text;
        };
    }

    /** One item stands alone, several and none in brackets. */
    private static final class Words {
        private final String[] all;
        private int at;

        Words(String[] all) {
            this.all = all;
        }

        boolean hasNext() {
            return at < all.length;
        }

        String next() {
            if (!hasNext()) {
                throw new IllegalArgumentException("ends early");
            }
            return all[at++];
        }

        List<String> items() {
            String first = next();
            if (!first.equals("[")) {
                return List.of(first);
            }
            var items = new ArrayList<String>();
            for (String word = next(); !word.equals("]"); word = next()) {
                items.add(word);
            }
            return items;
        }
    }
}
