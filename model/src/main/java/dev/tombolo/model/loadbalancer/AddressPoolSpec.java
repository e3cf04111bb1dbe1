package dev.tombolo.model.loadbalancer;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of a CiliumLoadBalancerIPPool as they were written; nothing of it has been checked. */
public record AddressPoolSpec(
        List<Block> blocks,
        Optional<SelectorSpec> serviceSelector,
        Optional<String> allowFirstLastIPs,
        boolean disabled) {
    public AddressPoolSpec {
        blocks = blocks == null ? List.of() : List.copyOf(blocks);
        serviceSelector = serviceSelector == null ? Optional.empty() : serviceSelector;
        allowFirstLastIPs = orEmpty(allowFirstLastIPs);
    }

    /** Either a CIDR, or a first and a last address; without a last it is one address. */
    public record Block(Optional<String> cidr, Optional<String> start, Optional<String> stop) {
        public Block {
            cidr = orEmpty(cidr);
            start = orEmpty(start);
            stop = orEmpty(stop);
        }

        @Override
        public String toString() {
            return cidr.orElseGet(
                    () -> start.orElse("nothing") + stop.map(last -> "-" + last).orElse(""));
        }
    }

    private static Optional<String> orEmpty(Optional<String> text) {
        return text == null ? Optional.empty() : text.map(String::strip).filter(value -> !value.isEmpty());
    }
}
