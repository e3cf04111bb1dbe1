package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A neighbour as {@code show neighbor extensive} prints it; {@code summary} leaves out those whose session is down.
 *
 * @param holdTime the smaller one of both sides; that of the configuration while the session is down
 * @param agreed families that both sides take; empty while the session is down
 */
record Neighbour(
        Session session, SessionState state, Duration configuredHoldTime, Duration holdTime, Set<BgpFamily> agreed) {
    private static final String FIRST = "Neighbor ";

    /** @param unread how many could not be read */
    record Reading(List<Neighbour> neighbours, int unread) {}

    static Reading parse(List<String> lines) {
        var neighbours = new ArrayList<Neighbour>();
        int unread = 0;
        for (var facts : facts(lines)) {
            try {
                neighbours.add(of(facts));
            } catch (IllegalArgumentException broken) {
                unread++;
            }
        }
        return new Reading(neighbours, unread);
    }

    private static List<Map<String, String[]>> facts(List<String> lines) {
        var all = new ArrayList<Map<String, String[]>>();
        for (String line : lines) {
            if (line.startsWith(FIRST)) {
                var facts = new HashMap<String, String[]>();
                facts.put("peer", new String[] {line.substring(FIRST.length()).trim()});
                all.add(facts);
            } else if (line.startsWith("   ") && !all.isEmpty()) {
                note(all.getLast(), line.trim());
            }
        }
        return all;
    }

    /** Of "ipv4 unicast: enabled …" the name has two words, of all others one; counters have names of their own. */
    private static void note(Map<String, String[]> facts, String line) {
        int colon = line.indexOf(": ");
        String[] words = (colon < 0 ? line : line.substring(colon + 2).trim()).split(" +");
        if (colon >= 0 && !line.startsWith("up for") && !line.startsWith("down for")) {
            facts.put(line.substring(0, colon), words);
        } else if (words.length > 1) {
            facts.put(words[0], List.of(words).subList(1, words.length).toArray(String[]::new));
        }
    }

    private static Neighbour of(Map<String, String[]> facts) {
        var session = Session.of(
                IpAddress.parse(word(facts, "peer", 0)),
                IpAddress.parse(word(facts, "local", 0)),
                new Asn(Long.parseLong(word(facts, "AS", 0))),
                new Asn(Long.parseLong(word(facts, "AS", 1))),
                IpAddress.parse(word(facts, "ID", 0)));
        var agreed = EnumSet.noneOf(BgpFamily.class);
        for (var family : BgpFamily.values()) {
            String name = family.afi() + " unicast";
            if (facts.containsKey(name) && word(facts, name, 1).equals("enabled")) {
                agreed.add(family);
            }
        }
        long ours = Long.parseLong(word(facts, "hold-time", 0));
        String theirs = word(facts, "hold-time", 1);
        long both = theirs.equals("n/a") ? ours : Math.min(ours, Long.parseLong(theirs));
        return new Neighbour(
                session,
                LineReading.fsm(word(facts, "state", 0)),
                Duration.ofSeconds(ours),
                Duration.ofSeconds(both),
                agreed);
    }

    private static String word(Map<String, String[]> facts, String name, int position) {
        var words = facts.getOrDefault(name, new String[0]);
        if (words.length <= position) {
            throw new IllegalArgumentException("a neighbour without " + name);
        }
        return words[position];
    }
}
