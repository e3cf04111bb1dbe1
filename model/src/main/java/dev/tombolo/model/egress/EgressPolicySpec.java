package dev.tombolo.model.egress;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of a CiliumEgressGatewayPolicy as they were written; nothing of it has been checked. */
public record EgressPolicySpec(
        List<Source> selectors,
        List<String> destinationCIDRs,
        List<String> excludedCIDRs,
        Optional<Gateway> egressGateway,
        List<Gateway> egressGateways) {
    public EgressPolicySpec {
        selectors = orEmpty(selectors);
        destinationCIDRs = orEmpty(destinationCIDRs);
        excludedCIDRs = orEmpty(excludedCIDRs);
        egressGateway = orEmpty(egressGateway);
        egressGateways = orEmpty(egressGateways);
    }

    /** One entry of the selectors; what is absent selects everything, what is present and empty too. */
    public record Source(
            Optional<SelectorSpec> podSelector,
            Optional<SelectorSpec> namespaceSelector,
            Optional<SelectorSpec> nodeSelector) {
        public Source {
            podSelector = orEmpty(podSelector);
            namespaceSelector = orEmpty(namespaceSelector);
            nodeSelector = orEmpty(nodeSelector);
        }
    }

    /**
     * A gateway.
     *
     * @param device the field {@code interface}
     */
    public record Gateway(Optional<SelectorSpec> nodeSelector, Optional<String> device, Optional<String> egressIP) {
        public Gateway {
            nodeSelector = orEmpty(nodeSelector);
            device = orEmpty(device).filter(text -> !text.isBlank());
            egressIP = orEmpty(egressIP).filter(text -> !text.isBlank());
        }
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static <T> Optional<T> orEmpty(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }
}
