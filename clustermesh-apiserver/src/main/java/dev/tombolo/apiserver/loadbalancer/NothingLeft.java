package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.Allocation.Verdict;
import dev.tombolo.model.loadbalancer.AddressPool;
import java.util.List;
import java.util.stream.Collectors;

/** Why no pool gives a service an address of a family. */
record NothingLeft(RankedAddressPools pools, LoadBalancerService service, boolean v4) {
    private static final int SHOWN = 3;

    Verdict verdict() {
        var selecting = pools.pools().stream()
                .filter(pool -> pool.services().matches(service.label()))
                .toList();
        var ofFamily = selecting.stream().filter(this::isOfFamily).toList();
        if (ofFamily.stream().anyMatch(pools::gives)) {
            return Verdict.unsatisfied(
                    "out_of_ips",
                    "Every enabled pool with " + family() + " that selects this service is full; add a block to one of "
                            + "them, or a pool");
        }
        return Verdict.unsatisfied("no_pool", noPool(selecting, ofFamily));
    }

    private String noPool(List<AddressPool> selecting, List<AddressPool> ofFamily) {
        if (!ofFamily.isEmpty()) {
            return "No pool with " + family() + " that selects this service gives addresses: "
                    + listed(ofFamily.stream().map(pools::whyNot).toList());
        }
        if (!selecting.isEmpty()) {
            return "No pool that selects this service has " + family() + "; these have the other family only: "
                    + listed(selecting.stream().map(AddressPool::name).toList());
        }
        return "No pool selects this service; make one, or compare spec.serviceSelector of pools with its labels";
    }

    private boolean isOfFamily(AddressPool pool) {
        return pool.blocks().stream().anyMatch(block -> block.isV4() == v4);
    }

    private String family() {
        return v4 ? "IPv4" : "IPv6";
    }

    /** The first few; a status has to stay small. */
    private static String listed(List<String> all) {
        String shown = all.stream().limit(SHOWN).collect(Collectors.joining("; "));
        return all.size() > SHOWN ? shown + "; and " + (all.size() - SHOWN) + " more" : shown;
    }
}
