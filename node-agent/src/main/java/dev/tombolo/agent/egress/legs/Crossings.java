package dev.tombolo.agent.egress.legs;

import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What crosses this node's stack: what its own pods send to destinations of policies, whichever node is the gateway.
 *
 * @param each one for each policy and family
 * @param watched the devices where what has crossed is taken up, to be translated here or carried to another node
 */
public record Crossings(List<Crossing> each, Set<String> watched) {
    static final Crossings NONE = new Crossings(List.of(), Set.of());

    public Crossings {
        each = List.copyOf(each);
        watched = Set.copyOf(watched);
    }

    /**
     * Packets of a policy and a family.
     *
     * @param podDevices by which they come
     * @param exitDevices by which answers come to this node where it is a gateway itself
     * @param carriers by which answers come from other gateways
     */
    public record Crossing(
            String policy,
            boolean v4,
            Set<Prefix> destinations,
            Set<String> podDevices,
            Set<String> exitDevices,
            Set<String> carriers) {
        public Crossing {
            destinations = Set.copyOf(destinations);
            podDevices = Set.copyOf(podDevices);
            exitDevices = Set.copyOf(exitDevices);
            carriers = Set.copyOf(carriers);
        }
    }

    List<Crossing> of(boolean v4) {
        return each.stream().filter(crossing -> crossing.v4() == v4).toList();
    }

    /** In order. */
    Set<String> podDevices() {
        return each.stream()
                .flatMap(crossing -> crossing.podDevices().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
