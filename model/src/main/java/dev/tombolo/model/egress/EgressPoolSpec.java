package dev.tombolo.model.egress;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of an EgressIPPool as they were written; nothing of it has been checked. */
public record EgressPoolSpec(List<Range> ranges, Optional<SelectorSpec> nodeSelector, Optional<Integer> maxPerNode) {
    public EgressPoolSpec {
        ranges = ranges == null ? List.of() : List.copyOf(ranges);
        nodeSelector = nodeSelector == null ? Optional.empty() : nodeSelector;
        maxPerNode = maxPerNode == null ? Optional.empty() : maxPerNode;
    }

    /** Either a CIDR, or a first and a last address; without a last it is one address. */
    public record Range(Optional<String> cidr, Optional<String> start, Optional<String> end) {
        public Range {
            cidr = orEmpty(cidr);
            start = orEmpty(start);
            end = orEmpty(end);
        }

        private static Optional<String> orEmpty(Optional<String> text) {
            return text == null ? Optional.empty() : text.map(String::strip).filter(value -> !value.isEmpty());
        }

        @Override
        public String toString() {
            return cidr.orElseGet(
                    () -> start.orElse("nothing") + end.map(last -> "-" + last).orElse(""));
        }
    }
}
