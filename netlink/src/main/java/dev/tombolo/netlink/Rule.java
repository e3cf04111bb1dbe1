package dev.tombolo.netlink;

import dev.tombolo.model.net.Prefix;
import java.util.Objects;
import java.util.Optional;

/**
 * A routing rule that looks into a table.
 *
 * @param priority the lower one is asked first
 * @param mark packets with this mark, under the mask; mask 0 means any packet
 */
public record Rule(Family family, int priority, int table, Optional<Prefix> to, int mark, int mask) {
    public Rule {
        Objects.requireNonNull(family);
        if (to.isPresent() && Family.of(to.get()) != family) {
            throw new IllegalArgumentException("a rule's destination is of the rule's family");
        }
    }

    public static Rule lookup(Family family, int priority, int table) {
        return new Rule(family, priority, table, Optional.empty(), 0, 0);
    }

    public static Rule to(Prefix destination, int priority, int table) {
        return new Rule(Family.of(destination), priority, table, Optional.of(destination), 0, 0);
    }

    @Override
    public String toString() {
        return priority + ": " + family + " to " + to.map(Prefix::toString).orElse("all")
                + (mask == 0 ? "" : " mark 0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(mask))
                + " lookup " + table;
    }
}
