package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Gives an address of its own to each gateway that asks for one of a pool. Who is known to own one keeps it; the others
 * get the lowest that is free, by rank.
 */
final class PoolAddresses {
    private final RankedPools pools;
    private final ClusterName self;
    private final Map<IpAddress, EgressOwner> owners;
    private final Map<String, Set<IpAddress>> ownedFor = new HashMap<>();
    private final Set<IpAddress> taken = new HashSet<>();
    private final Map<String, IpAddress> given = new TreeMap<>();

    /** A gateway that asks for an address. */
    private record Asking(String holder, EgressPool pool, boolean v4) {}

    private PoolAddresses(EgressState state, RankedPools pools) {
        this.pools = pools;
        self = state.self();
        owners = state.owners();
        owners.forEach((address, owner) ->
                ownedFor.computeIfAbsent(owner.holder(), _ -> new TreeSet<>()).add(address));
    }

    /** The policies, which come by rank, with the addresses that they are given; what gets none still asks for one. */
    static List<EgressPolicy> given(EgressState state, RankedPools pools, List<EgressPolicy> ranked) {
        var addresses = new PoolAddresses(state, pools);
        addresses.give(ranked);
        return ranked.stream().map(addresses::with).toList();
    }

    private void give(List<EgressPolicy> ranked) {
        for (var policy : ranked) {
            for (var gateway : policy.gateways()) {
                if (gateway.address() instanceof EgressAddress.Fixed(var address)) {
                    taken.add(address);
                }
            }
        }
        var asking = ranked.stream().flatMap(policy -> asking(policy).stream()).toList();
        asking.forEach(one -> kept(one).ifPresent(address -> give(one, address)));
        asking.stream()
                .filter(one -> !given.containsKey(one.holder()))
                .forEach(one -> free(one).ifPresent(address -> give(one, address)));
    }

    private void give(Asking asking, IpAddress address) {
        taken.add(address);
        given.put(asking.holder(), address);
    }

    /** Addresses float within a cluster, so a gateway of another one is given none. */
    private List<Asking> asking(EgressPolicy policy) {
        var asking = new ArrayList<Asking>();
        boolean here = policy.preferences().cluster().orElse(self).equals(self);
        boolean v4 = policy.destinations().getFirst().isV4();
        for (int entry = 0; here && entry < policy.gateways().size(); entry++) {
            if (policy.gateways().get(entry).address() instanceof EgressAddress.OfPool(var name)) {
                String holder = holder(policy, entry);
                pools.named(name).ifPresent(pool -> asking.add(new Asking(holder, pool, v4)));
            }
        }
        return asking;
    }

    private Optional<IpAddress> kept(Asking asking) {
        return ownedFor.getOrDefault(asking.holder(), Set.of()).stream()
                .filter(address -> address.isV4() == asking.v4() && !taken.contains(address))
                .filter(address -> pools.of(address).equals(Optional.of(asking.pool())))
                .findFirst();
    }

    /** One that nobody owns, before one that is owned for a policy of which nothing is left. */
    private Optional<IpAddress> free(Asking asking) {
        Predicate<IpAddress> owned = owners::containsKey;
        return free(asking, owned.negate()).or(() -> free(asking, owned));
    }

    private Optional<IpAddress> free(Asking asking, Predicate<IpAddress> wanted) {
        return pools.addresses(asking.pool(), asking.v4())
                .filter(address -> !taken.contains(address))
                .filter(wanted)
                .findFirst();
    }

    private EgressPolicy with(EgressPolicy policy) {
        var gateways = new ArrayList<EgressGateway>();
        for (int entry = 0; entry < policy.gateways().size(); entry++) {
            var gateway = policy.gateways().get(entry);
            var address = given.get(holder(policy, entry));
            gateways.add(
                    address == null ? gateway : new EgressGateway(gateway.nodes(), new EgressAddress.Fixed(address)));
        }
        return policy.with(gateways);
    }

    /** How the owner of an address says for whom it owns it. */
    static String holder(EgressPolicy policy, int entry) {
        return policy.name() + "#" + entry;
    }
}
