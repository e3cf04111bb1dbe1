package dev.tombolo.model.bgp;

import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import java.util.Optional;

/** What is other on one node, by the name of the instance. */
public record BgpNodeOverride(String node, Map<String, Instance> instances) {
    public BgpNodeOverride {
        instances = Map.copyOf(instances);
    }

    /**
     * One instance.
     *
     * @param localAddresses of sessions, by the name of the peer
     */
    public record Instance(
            Optional<IpAddress> routerId, Optional<Asn> localAsn, Map<String, IpAddress> localAddresses) {
        public static final Instance NOTHING = new Instance(Optional.empty(), Optional.empty(), Map.of());

        public Instance {
            localAddresses = Map.copyOf(localAddresses);
        }
    }

    /** Nothing where the override does not name it. */
    public Instance instance(String name) {
        return instances.getOrDefault(name, Instance.NOTHING);
    }
}
