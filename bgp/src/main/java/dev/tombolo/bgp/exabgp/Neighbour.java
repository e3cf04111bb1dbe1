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
    static List<Neighbour> parse(List<String> lines) {
        var neighbours = new ArrayList<Neighbour>();
        var facts = new HashMap<String, String[]>();
        for (String line : lines) {
            if (line.startsWith("Neighbor ")) {
                add(neighbours, facts);
                facts.clear();
                facts.put(
                        "peer",
                        new String[] {line.substring("Neighbor ".length()).trim()});
            } else if (line.startsWith("   ")) {
                note(facts, line.trim());
            }
        }
        add(neighbours, facts);
        return neighbours;
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

    private static void add(List<Neighbour> neighbours, Map<String, String[]> facts) {
        if (!facts.isEmpty()) {
            try {
                neighbours.add(of(facts));
            } catch (RuntimeException notOurs) {
                // One that we did not configure and cannot name; whatever it is, we have nothing to tell it.
                return;
            }
        }
    }

    private static Neighbour of(Map<String, String[]> facts) {
        var asns = facts.get("AS");
        var session = Session.of(
                IpAddress.parse(facts.get("peer")[0]),
                IpAddress.parse(facts.get("local")[0]),
                new Asn(Long.parseLong(asns[0])),
                new Asn(Long.parseLong(asns[1])),
                IpAddress.parse(facts.get("ID")[0]));
        var agreed = EnumSet.noneOf(BgpFamily.class);
        for (var family : BgpFamily.values()) {
            var sides = facts.get(family.afi() + " unicast");
            if (sides != null && sides[1].equals("enabled")) {
                agreed.add(family);
            }
        }
        long ours = Long.parseLong(facts.get("hold-time")[0]);
        String theirs = facts.get("hold-time")[1];
        long both = theirs.equals("n/a") ? ours : Math.min(ours, Long.parseLong(theirs));
        return new Neighbour(
                session,
                LineReading.fsm(facts.get("state")[0]),
                Duration.ofSeconds(ours),
                Duration.ofSeconds(both),
                agreed);
    }
}
