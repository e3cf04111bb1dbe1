package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressBucket;
import dev.tombolo.bpf.egress.EgressRate;
import dev.tombolo.bpf.egress.EgressRateKey;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one gateway lets out for each policy that has a limit: an equal share, because a policy's gateways do not know what
 * the others send and must not exceed the limit together.
 */
public record RateLimits(Map<Integer, EgressRate> shares, Set<String> policies) {
    private static final int BITS = 8;

    static RateLimits of(EgressProgram program) {
        var limited = program.decisions().policies().stream()
                .filter(policy -> policy.preferences().rateLimit().isPresent())
                .collect(Collectors.toMap(EgressPolicy::name, RateLimits::bytesPerSecond));
        var shares = new HashMap<Integer, EgressRate>();
        gateways(program, limited.keySet())
                .forEach((policy, nodes) -> shares.put(
                        program.numbers().policies().of(policy),
                        EgressRate.of(Math.max(1, limited.get(policy) / nodes.size()))));
        return new RateLimits(shares, limited.keySet());
    }

    private static long bytesPerSecond(EgressPolicy policy) {
        return policy.preferences().rateLimit().orElseThrow() / BITS;
    }

    /** Those that any rule of the policy leads to, which none does where no pod is selected. */
    private static Map<String, Set<NodeId>> gateways(EgressProgram program, Set<String> limited) {
        var gateways = new HashMap<String, Set<NodeId>>();
        if (limited.isEmpty()) {
            return gateways;
        }
        program.rows().rules().values().forEach(rule -> {
            if (rule instanceof Rule.ToGroup to && limited.contains(to.policy())) {
                gateways.computeIfAbsent(to.policy(), _ -> new HashSet<>())
                        .addAll(program.rows().groups().get(to.group()).shares().keySet());
            }
        });
        gateways.values().removeIf(Set::isEmpty);
        return gateways;
    }

    boolean hold(String policy) {
        return policies.contains(policy);
    }

    /** Packets that were dropped so far, by policies that have a number now. */
    public static Map<String, Long> dropped(EgressProgram program, BpfMap<EgressRateKey, EgressBucket> buckets)
            throws BpfException {
        var dropped = new HashMap<String, Long>();
        for (var policy : program.numbers().policies().numbers().entrySet()) {
            buckets.lookup(new EgressRateKey(policy.getValue()))
                    .ifPresent(bucket -> dropped.put(policy.getKey(), bucket.dropped()));
        }
        return dropped;
    }

    Map<EgressKey, Packed> rows() {
        return shares.entrySet().stream()
                .collect(Collectors.toMap(share -> new EgressKey.Rate(share.getKey()), Map.Entry::getValue));
    }
}
