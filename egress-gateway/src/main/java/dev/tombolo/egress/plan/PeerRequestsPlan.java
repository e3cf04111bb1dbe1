package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What peers ask for, beside what this cluster wants. Each peer is decided for by itself and after our own: nothing that
 * a peer asks changes what becomes of our pods, or of another peer's.
 */
public final class PeerRequestsPlan {
    /** Rules that one peer may cause on a gateway; the map has room for many times that. */
    static final int MOST_RULES = 8_192;

    private PeerRequestsPlan() {}

    /** Our decisions with those for the peers. */
    public static EgressDecisions join(EgressState state, EgressDecisions ours, Collection<PeerRequests> peers) {
        var joined = ours;
        var byName =
                peers.stream().sorted(Comparator.comparing(PeerRequests::peer)).toList();
        for (var peer : byName) {
            joined = join(joined, decide(state, ours, peer));
        }
        return joined;
    }

    private static EgressDecisions decide(EgressState state, EgressDecisions ours, PeerRequests peer) {
        return EgressPlan.decideForPeer(state.serving(peer.served(), holders(ours)), selected(peer));
    }

    /** Where our own policies have their addresses: a peer's that name the same come there too, or nowhere. */
    private static Map<IpAddress, EgressOwner> holders(EgressDecisions ours) {
        var holders = new HashMap<IpAddress, EgressOwner>();
        ours.gateways().forEach((key, choice) -> {
            if (key.gateway().address() instanceof EgressAddress.Fixed(var address)
                    && choice instanceof GatewayChoice.Serving serving) {
                serving.group()
                        .shares()
                        .keySet()
                        .forEach(node -> holders.put(address, new EgressOwner(node, 1, "", Instant.EPOCH)));
            }
        });
        return holders;
    }

    /**
     * Sets beyond what one peer may cause are left out, the same ones every time: their packets are dropped. Left out before
     * their rules are made, which would need more memory than a node's agent has.
     */
    private static PodSelection.Selected selected(PeerRequests peer) {
        var sources = new HashMap<IpAddress, SetKey>();
        peer.pods().forEach((address, entries) -> peer.set(entries).ifPresent(set -> sources.put(address, set)));
        sources.values().retainAll(bounded(peer, new TreeSet<>(sources.values())));
        var pods = new HashMap<SetKey, Integer>();
        sources.values().forEach(set -> pods.merge(set, 1, Integer::sum));
        return new PodSelection.Selected(sources, pods);
    }

    private static Set<SetKey> bounded(PeerRequests peer, SortedSet<SetKey> sets) {
        var kept = new HashSet<SetKey>();
        long rules = 0;
        for (var set : sets) {
            rules += peer.mostRules(set);
            if (rules <= MOST_RULES) {
                kept.add(set);
            }
        }
        return kept;
    }

    /** Where both say something, the first does. Where an address is held is decided by ours alone. */
    private static EgressDecisions join(EgressDecisions first, EgressDecisions second) {
        var policies = new ArrayList<>(first.policies());
        policies.addAll(second.policies());
        return new EgressDecisions(
                policies,
                sources(first.sources(), second.sources()),
                join(first.pods(), second.pods()),
                join(first.sets(), second.sets()),
                gateways(first.gateways(), second.gateways()),
                first.holders());
    }

    private static Map<IpAddress, SetKey> sources(Map<IpAddress, SetKey> first, Map<IpAddress, SetKey> second) {
        return first instanceof SourceSets ours ? ours.and(second) : join(first, second);
    }

    /** A group that any rule names has gateways, also where another policy that names it has none. */
    private static Map<GroupKey, GatewayChoice> gateways(
            Map<GroupKey, GatewayChoice> first, Map<GroupKey, GatewayChoice> second) {
        var joined = join(first, second);
        second.forEach((key, choice) -> {
            if (choice instanceof GatewayChoice.Serving && first.get(key) instanceof GatewayChoice.None) {
                joined.put(key, choice);
            }
        });
        return joined;
    }

    private static <K, V> Map<K, V> join(Map<K, V> first, Map<K, V> second) {
        var joined = new HashMap<>(second);
        joined.putAll(first);
        return joined;
    }
}
