package dev.tombolo.egress.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What makes pods the same to the data path: the policies that select them and the gateways they are pinned to. Pods
 * of one key share one set of rules, so that there are never pods times destinations of them.
 *
 * @param members by the policy's name
 */
public record SetKey(List<Member> members) implements Comparable<SetKey> {
    public SetKey {
        members = List.copyOf(members);
    }

    /**
     * One policy of a pod.
     *
     * @param entry which of the policy's gateways the pod is pinned to
     * @param zone of the pod's node; empty unless the policy asks for gateways in it
     */
    public record Member(String policy, int entry, String zone) {
        @Override
        public String toString() {
            return policy + "#" + entry + (zone.isEmpty() ? "" : "@" + zone);
        }
    }

    @Override
    public int compareTo(SetKey other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return members.stream().map(Member::toString).collect(Collectors.joining(","));
    }
}
