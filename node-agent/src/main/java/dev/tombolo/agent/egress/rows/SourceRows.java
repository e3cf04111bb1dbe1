package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which pods have rows on a node: its own, or all where it may have to carry packets at once.
 *
 * @param own addresses; empty where all have rows
 * @param sets of the own ones
 * @param rows one for each set, because very many pods share it
 */
record SourceRows(EgressProgram program, Optional<Set<IpAddress>> own, Set<SetId> sets, Map<SetId, EgressSource> rows) {
    static SourceRows of(NodeId self, EgressProgram program) {
        var rows = program.setIds().stream()
                .collect(Collectors.toMap(Function.identity(), set -> EgressSource.ofSet(set.value())));
        if (program.standsBy(self)) {
            return new SourceRows(program, Optional.empty(), Set.of(), rows);
        }
        var own = program.podsOn(self).flatMap(pod -> pod.addresses().stream()).collect(Collectors.toSet());
        return new SourceRows(program, Optional.of(own), program.setsOn(self), rows);
    }

    boolean uses(SetId set) {
        return own.isEmpty() || sets.contains(set);
    }

    void forEach(BiConsumer<IpAddress, EgressSource> action) {
        if (own.isEmpty()) {
            program.rows().sources().forEach((address, set) -> action.accept(address, rows.get(set)));
        } else {
            own.get().forEach(address -> row(address).ifPresent(row -> action.accept(address, row)));
        }
    }

    /** The addresses that may have a row. */
    private Collection<IpAddress> all() {
        return own.orElseGet(() -> program.rows().sources().keySet());
    }

    Optional<EgressSource> row(IpAddress address) {
        return own.isPresent() && !own.get().contains(address)
                ? Optional.empty()
                : Optional.ofNullable(program.rows().sources().get(address)).map(rows::get);
    }

    /** The addresses whose rows may be others than they were. */
    Collection<IpAddress> since(SourceRows before) {
        if (own.isEmpty() && before.own.isEmpty()) {
            return program.rows().sourcesSince(before.program.rows());
        }
        var either = new HashSet<>(before.all());
        either.addAll(all());
        return either;
    }
}
