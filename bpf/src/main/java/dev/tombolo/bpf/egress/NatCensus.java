package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.bpf.egress.NatUse.Destination;
import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Counts translations while somebody goes through them. Used by one thread. */
final class NatCensus {
    private static final class Count {
        private int number;
    }

    private static final class AddressCount {
        private int connections;
        private int ports;
        private EgressTuple busiest;
    }

    private final DestinationTally destinations = new DestinationTally(RandomGenerator.getDefault());
    private final Map<Integer, Count> policies = new HashMap<>();
    private final Map<IpAddress, AddressCount> addresses = new HashMap<>();
    private int entries;

    void begin() {
        destinations.clear();
        policies.clear();
        addresses.clear();
        entries = 0;
    }

    /** What comes back is what occupies a port. */
    void count(EgressTuple key, EgressNat half) {
        entries++;
        if (key.isOutward()) {
            return;
        }
        policies.computeIfAbsent(half.policyId(), _ -> new Count()).number++;
        var address = addresses.computeIfAbsent(key.near(), _ -> new AddressCount());
        address.connections++;
        int ports = destinations.add(key);
        if (ports > address.ports) {
            address.ports = ports;
            address.busiest = key;
        }
    }

    NatUse result(int ended) {
        var connections = new HashMap<Integer, Integer>();
        policies.forEach((policy, count) -> connections.put(policy, count.number));
        var use = new HashMap<IpAddress, AddressUse>();
        addresses.forEach((address, count) -> {
            var far = count.busiest;
            var busiest = new Destination(far.far(), far.farPort(), far.protocol());
            use.put(address, new AddressUse(count.connections, busiest, count.ports));
        });
        return new NatUse(entries, ended, connections, use);
    }
}
