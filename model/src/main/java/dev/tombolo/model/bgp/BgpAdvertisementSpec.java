package dev.tombolo.model.bgp;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of a CiliumBGPAdvertisement as they were written; nothing of it has been checked. */
public record BgpAdvertisementSpec(List<Entry> advertisements) {
    public BgpAdvertisementSpec {
        advertisements = Written.orEmpty(advertisements);
    }

    /**
     * One of its entries.
     *
     * @param device the field {@code interface}
     * @param selector without it nothing is selected
     */
    public record Entry(
            String advertisementType,
            Optional<Service> service,
            Optional<Device> device,
            Optional<SelectorSpec> selector,
            Optional<Attributes> attributes) {
        public Entry {
            advertisementType = Written.orEmpty(advertisementType);
            service = Written.orEmpty(service);
            device = Written.orEmpty(device);
            selector = Written.orEmpty(selector);
            attributes = Written.orEmpty(attributes);
        }
    }

    /** Which addresses of services. */
    public record Service(
            List<String> addresses, Optional<Integer> aggregationLengthIPv4, Optional<Integer> aggregationLengthIPv6) {
        public Service {
            addresses = Written.orEmpty(addresses);
            aggregationLengthIPv4 = Written.orEmpty(aggregationLengthIPv4);
            aggregationLengthIPv6 = Written.orEmpty(aggregationLengthIPv6);
        }
    }

    public record Device(String name) {
        public Device {
            name = Written.orEmpty(name);
        }
    }

    public record Attributes(Optional<Communities> communities, Optional<Long> localPreference) {
        public Attributes {
            communities = Written.orEmpty(communities);
            localPreference = Written.orEmpty(localPreference);
        }
    }

    public record Communities(List<String> standard, List<String> wellKnown, List<String> large) {
        public Communities {
            standard = Written.orEmpty(standard);
            wellKnown = Written.orEmpty(wellKnown);
            large = Written.orEmpty(large);
        }
    }
}
