package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.SelectorFields;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of reading a pool. A range that cannot be meant is left out, and the others are in force; where it is not clear
 * which nodes may hold the addresses, or how many, there is no pool.
 *
 * @param pool empty where no range is left either
 * @param refused what is wrong; empty for a pool that is in force as it was written
 */
public record EgressPoolReading(String name, Optional<EgressPool> pool, List<Invalid> refused) {
    public EgressPoolReading {
        refused = List.copyOf(refused);
    }

    /** @param pods ranges of pods, whose addresses are no gateway's */
    public static EgressPoolReading of(String name, Instant created, EgressPoolSpec spec, Collection<Prefix> pods) {
        String where = "EgressIPPool " + name;
        var refused = new ArrayList<Invalid>();
        var nodes = new SelectorFields(where, refused).selector("spec.nodeSelector", spec.nodeSelector());
        spec.maxPerNode()
                .filter(most -> most < 1)
                .ifPresent(most -> refused.add(new Invalid(
                        where + " spec.maxPerNode",
                        Invalid.Reason.BAD_CONFIGURATION,
                        most.toString(),
                        "at least 1; leave it out for any number")));
        boolean clear = refused.isEmpty();
        var ranges = ranges(new EgressPoolRanges(where, pods, refused), spec.ranges());
        var most = spec.maxPerNode().map(OptionalInt::of).orElse(OptionalInt.empty());
        return new EgressPoolReading(
                name,
                clear && !ranges.isEmpty()
                        ? Optional.of(new EgressPool(name, created, ranges, nodes, most))
                        : Optional.empty(),
                refused);
    }

    private static List<AddressRange> ranges(EgressPoolRanges reader, List<EgressPoolSpec.Range> texts) {
        var ranges = new ArrayList<AddressRange>();
        for (int i = 0; i < texts.size(); i++) {
            reader.range("spec.ranges[" + i + "]", texts.get(i), ranges).ifPresent(ranges::add);
        }
        if (texts.isEmpty()) {
            reader.refuse("spec.ranges", Invalid.Reason.BAD_CONFIGURATION, "none", "at least one range");
        }
        return ranges;
    }
}
