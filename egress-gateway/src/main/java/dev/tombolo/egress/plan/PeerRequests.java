package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a peer asks for its pods that are to leave through gateways of this cluster.
 *
 * @param policies by the name that the peer gave them
 * @param pods by address, the entry of each policy that the pod is pinned to
 */
public record PeerRequests(
        ClusterName peer, Map<String, EgressPolicy> policies, Map<IpAddress, Map<String, Integer>> pods) {
    private static final char SEPARATOR = '/';

    public PeerRequests {
        policies = Map.copyOf(policies);
        pods = Map.copyOf(pods);
    }

    public static PeerRequests of(
            ClusterName peer, Collection<EgressPolicy> policies, Map<IpAddress, Map<String, Integer>> pods) {
        return new PeerRequests(
                peer, policies.stream().collect(Collectors.toMap(EgressPolicy::name, Function.identity())), pods);
    }

    /** The policies under names that none of ours has; their gateways are ours, whatever they say. */
    Collection<EgressPolicy> served() {
        return policies.values().stream().map(this::served).toList();
    }

    private EgressPolicy served(EgressPolicy policy) {
        var asked = policy.preferences();
        return new EgressPolicy(
                name(policy.name()),
                policy.created(),
                policy.sources(),
                policy.destinations(),
                policy.excluded(),
                policy.gateways(),
                new EgressPreferences(
                        asked.priority(),
                        asked.maxGateways(),
                        asked.failover(),
                        false,
                        Optional.empty(),
                        asked.rateLimit()));
    }

    private String name(String policy) {
        return peer.value() + SEPARATOR + policy;
    }

    /** The set of a pod: of what was not heard of, or does not fit, it is no member. */
    Optional<SetKey> set(Map<String, Integer> entries) {
        var members = new TreeMap<>(entries)
                .entrySet().stream()
                        .filter(entry -> policies.containsKey(entry.getKey()))
                        .filter(entry -> fits(policies.get(entry.getKey()), entry.getValue()))
                        .map(entry -> new SetKey.Member(name(entry.getKey()), entry.getValue(), ""))
                        .toList();
        return members.isEmpty() ? Optional.empty() : Optional.of(new SetKey(members));
    }

    /** No more rules than ranges that its members name come of a set. */
    long mostRules(SetKey set) {
        return set.members().stream()
                .map(member ->
                        policies.get(member.policy().substring(peer.value().length() + 1)))
                .mapToLong(policy ->
                        policy.destinations().size() + policy.excluded().size())
                .sum();
    }

    private static boolean fits(EgressPolicy policy, int entry) {
        return entry < Math.max(1, policy.gateways().size());
    }
}
