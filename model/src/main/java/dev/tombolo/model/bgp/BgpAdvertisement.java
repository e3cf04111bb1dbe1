package dev.tombolo.model.bgp;

import dev.tombolo.model.label.LabelSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is told to routers.
 *
 * @param labels by which the families of a CiliumBGPPeerConfig choose it
 */
public record BgpAdvertisement(String name, Map<String, String> labels, List<Entry> entries) {
    public BgpAdvertisement {
        labels = Map.copyOf(labels);
        entries = List.copyOf(entries);
    }

    /**
     * One kind of routes.
     *
     * @param selector empty selects nothing
     */
    public record Entry(Subject subject, Optional<LabelSelector> selector, RouteMarks marks, Standby standby) {
        /** The same with a MED, unless it has one. */
        public Entry orMed(long usual) {
            return new Entry(subject, selector, marks.orMed(usual), standby);
        }
    }

    /** Whose addresses. */
    public sealed interface Subject {
        /** The ranges of this node's pods. */
        record PodRanges() implements Subject {}

        /** The addresses of a device of this node. */
        record Interface(String device) implements Subject {}

        /** Addresses outside of pods that this node owns now. */
        record EgressAddresses() implements Subject {}

        /**
         * Addresses of services.
         *
         * @param aggregationV4 length of the prefixes that are told instead of single addresses
         * @param meshOnly whether only services that the clusters of the mesh share are meant
         */
        record Services(
                Set<ServiceAddress> addresses,
                OptionalInt aggregationV4,
                OptionalInt aggregationV6,
                boolean meshOnly,
                RemoteBackends remote)
                implements Subject {
            public Services {
                addresses = Set.copyOf(addresses);
            }
        }
    }

    /** Which address of a service; the names are the API's. */
    public enum ServiceAddress {
        LoadBalancerIP,
        ClusterIP,
        ExternalIP
    }

    /** What backends in other clusters are good for while this one has none; in lower case the names are the API's. */
    public enum RemoteBackends {
        /** Nothing: without backends of this cluster there is no route. */
        WITHDRAW,
        /** As much as those of this cluster. */
        ADVERTISE,
        /** The route stays, as a standby for clusters that have backends of their own. */
        PREPEND
    }
}
