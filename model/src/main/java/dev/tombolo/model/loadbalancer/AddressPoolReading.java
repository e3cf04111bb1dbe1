package dev.tombolo.model.loadbalancer;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.SelectorFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading a pool. A block that cannot be meant is left out, and the others are in force; where it is not clear
 * which services may have the addresses, or which addresses, there is no pool.
 *
 * @param pool empty where no block is left either
 * @param refused what is wrong; empty for a pool that is in force as it was written
 */
public record AddressPoolReading(String name, Optional<AddressPool> pool, List<Invalid> refused) {
    public AddressPoolReading {
        refused = List.copyOf(refused);
    }

    public static AddressPoolReading of(String name, Instant created, AddressPoolSpec spec) {
        String where = "CiliumLoadBalancerIPPool " + name;
        var refused = new ArrayList<Invalid>();
        var services = new SelectorFields(where, refused).selector("spec.serviceSelector", spec.serviceSelector());
        String ends = spec.allowFirstLastIPs().orElse("Yes");
        var reader = new AddressBlockFields(where, ends.equals("Yes"), refused);
        if (!List.of("Yes", "No").contains(ends)) {
            reader.refuse("spec.allowFirstLastIPs", Invalid.Reason.BAD_CONFIGURATION, ends, "Yes or No");
        }
        boolean clear = refused.isEmpty();
        var blocks = blocks(reader, spec.blocks());
        return new AddressPoolReading(
                name,
                clear && !blocks.isEmpty()
                        ? Optional.of(new AddressPool(name, created, blocks, services, spec.disabled()))
                        : Optional.empty(),
                refused);
    }

    private static List<AddressBlock> blocks(AddressBlockFields reader, List<AddressPoolSpec.Block> texts) {
        var blocks = new ArrayList<AddressBlock>();
        for (int i = 0; i < texts.size(); i++) {
            reader.block("spec.blocks[" + i + "]", texts.get(i)).ifPresent(blocks::add);
        }
        return blocks;
    }
}
