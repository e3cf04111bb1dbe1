package dev.tombolo.agent.egress;

import dev.tombolo.bpf.Packed;
import dev.tombolo.reconciler.table.Table;
import java.util.Map;
import java.util.Optional;

/**
 * The program that the data path carries out: it has all of its rows and no other. While the rows of the next one are
 * written, it is the one before.
 */
final class AppliedProgram {
    private final Table<EgressKey, Packed> applied;
    private volatile Optional<Planned> newest = Optional.empty();
    private Optional<Planned> carriedOut = Optional.empty();

    private record Planned(EgressProgram program, Map<EgressKey, Packed> rows) {}

    /** @param applied the rows that are known to be in the data path */
    AppliedProgram(Table<EgressKey, Packed> applied) {
        this.applied = applied;
    }

    /** Called by the thread that plans rows, with those that it made of a program; returns them. */
    Map<EgressKey, Packed> planned(EgressProgram program, Map<EgressKey, Packed> rows) {
        newest = Optional.of(new Planned(program, rows));
        return rows;
    }

    /** Empty until a first one is carried out. */
    synchronized Optional<EgressProgram> now() {
        newest.filter(plan -> carriedOut.filter(known -> known == plan).isPresent() || isThere(plan.rows()))
                .ifPresent(plan -> carriedOut = Optional.of(plan));
        return carriedOut.map(Planned::program);
    }

    private boolean isThere(Map<EgressKey, Packed> rows) {
        var there = applied.snapshot();
        return there.initialized()
                && there.size() == rows.size()
                && rows.entrySet().stream()
                        .allMatch(row -> there.get(row.getKey()).equals(Optional.of(row.getValue())));
    }
}
