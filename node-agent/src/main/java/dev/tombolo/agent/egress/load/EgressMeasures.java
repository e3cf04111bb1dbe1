package dev.tombolo.agent.egress.load;

import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.egress.plan.Numbering;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is measured of a gateway's load.
 *
 * @param entries in the map of translations, two for each connection
 * @param connections by policy, of those with most; those of the others are together under {@link #OTHERS}
 * @param addresses by egress address
 */
public record EgressMeasures(
        int entries, int capacity, Map<String, Integer> connections, Map<String, AddressMeasures> addresses) {
    public static final String OTHERS = "(others)";

    /** Policies that are shown one by one: peers may have very many here, and each is a series. */
    static final int MOST_POLICIES = 500;

    /** @param usedRatio of its ports towards the destination that has most of them, from 0 to 1 */
    public record AddressMeasures(int connections, double usedRatio, long refused) {
        private static AddressMeasures of(AddressLoad load) {
            return new AddressMeasures(load.connections(), load.ratio(), load.refused());
        }
    }

    /** Connections of a policy that is gone are among the others'. */
    public static EgressMeasures of(GatewayLoad load, Numbering<String> policies) {
        var names = new HashMap<Integer, String>();
        policies.numbers().forEach((name, number) -> names.put(number, name));
        var connections = new TreeMap<String, Integer>();
        var byNumber = Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey());
        load.connections().entrySet().stream().sorted(byNumber).forEach(entry -> {
            boolean room = connections.size() < MOST_POLICIES;
            String name = room ? names.getOrDefault(entry.getKey(), OTHERS) : OTHERS;
            connections.merge(name, entry.getValue(), Integer::sum);
        });
        var addresses = new TreeMap<String, AddressMeasures>();
        load.addresses().forEach((address, of) -> addresses.put(address.toString(), AddressMeasures.of(of)));
        return new EgressMeasures(load.entries(), load.capacity(), connections, addresses);
    }
}
