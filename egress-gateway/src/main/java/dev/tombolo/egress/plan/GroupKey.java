package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressPolicy;
import java.util.OptionalInt;

/**
 * All that decides which gateways serve: policies that say the same share one group.
 *
 * @param zone whose gateways come first; empty for none
 */
public record GroupKey(
        EgressGateway gateway, ClusterName cluster, OptionalInt maxGateways, boolean failover, String zone)
        implements Comparable<GroupKey> {
    public static GroupKey of(EgressPolicy policy, int entry, String zone, ClusterName self) {
        var preferences = policy.preferences();
        var gateway = policy.gateways().get(entry);
        // An address is in one place, wherever its pods are.
        var cluster = preferences.cluster().orElse(self);
        // Another cluster's zones are not ours, whatever their names.
        boolean anywhere = gateway.address().isInOnePlace() || !preferences.sameZone() || !cluster.equals(self);
        return new GroupKey(gateway, cluster, preferences.maxGateways(), preferences.failover(), anywhere ? "" : zone);
    }

    @Override
    public int compareTo(GroupKey other) {
        return toString().compareTo(other.toString());
    }
}
