package dev.tombolo.model.bgp.view;

import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Which routes of a node are asked for.
 *
 * @param range what of all that it knows
 * @param peer INSTANCE/PEER, or a router's address
 * @param vip routes that lead to this address
 * @param limit of routes, and of what is withheld: one that asks for more gets {@link #MOST}
 */
public record RoutesQuestion(Range range, Optional<String> peer, Optional<IpAddress> vip, int limit) {
    /** An agent with a hundred thousand routes goes on with its work whoever asks. */
    public static final int MOST = 10_000;

    public static final int USUAL = 1_000;

    public enum Range {
        /** What routers were told. */
        ADVERTISED,
        /** All that is planned, and what is withheld. */
        AVAILABLE
    }

    public RoutesQuestion {
        limit = Math.clamp(limit, 1, MOST);
    }

    public boolean isOfPeer(PeerId id, IpAddress address) {
        return peer.filter(wanted -> !wanted.equals(id.toString()) && !wanted.equals(address.toString()))
                .isEmpty();
    }

    public boolean isOfRoute(Prefix prefix) {
        return vip.filter(wanted -> !prefix.contains(wanted)).isEmpty();
    }

    /** What is withheld has no prefix, but names its address or range. */
    public boolean isOfSubject(String subject) {
        return vip.filter(wanted -> Arrays.stream(subject.split(" ")).noneMatch(word -> names(word, wanted)))
                .isEmpty();
    }

    private static boolean names(String word, IpAddress wanted) {
        return word.equals(wanted.toString())
                || Prefix.tryParse(word).filter(range -> range.contains(wanted)).isPresent();
    }

    /** As words of a command. */
    public List<String> words() {
        var words = new ArrayList<>(List.of(range.name(), "--limit", Integer.toString(limit)));
        peer.ifPresent(wanted -> words.addAll(List.of("--peer", wanted)));
        vip.ifPresent(wanted -> words.addAll(List.of("--vip", wanted.toString())));
        return words;
    }

    /** Reads what {@link #words} wrote; anything else is an IllegalArgumentException. */
    public static RoutesQuestion parse(List<String> words) {
        var question = new RoutesQuestion(Range.AVAILABLE, Optional.empty(), Optional.empty(), USUAL);
        for (var word = words.iterator(); word.hasNext(); ) {
            question = question.with(word.next(), word);
        }
        return question;
    }

    private RoutesQuestion with(String word, Iterator<String> rest) {
        return switch (word) {
            case "--limit" -> new RoutesQuestion(range, peer, vip, Integer.parseInt(value(word, rest)));
            case "--peer" -> new RoutesQuestion(range, Optional.of(value(word, rest)), vip, limit);
            case "--vip" -> new RoutesQuestion(range, peer, Optional.of(IpAddress.parse(value(word, rest))), limit);
            default -> new RoutesQuestion(Range.valueOf(word), peer, vip, limit);
        };
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + ": a value is missing");
        }
        return rest.next();
    }
}
