package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.Packed;
import dev.tombolo.reconciler.derive.Replan;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The program that the data path carries out: it has all of its rows and no other. While the rows of the next one are
 * written, it is the one before. Of rows that a program shares with the one before, nothing is looked at again.
 */
public final class AppliedProgram {
    private final Table<EgressKey, Packed> applied;
    private Optional<EgressProgram> pending = Optional.empty();
    private Optional<EgressProgram> carriedOut = Optional.empty();

    /** All rows of the plan that was made from nothing, until they were there. */
    private Optional<Map<EgressKey, Packed>> all = Optional.empty();

    /** Rows that were planned since; empty for those that are to be gone. */
    private final Map<EgressKey, Optional<Packed>> changed = new HashMap<>();

    /** @param applied the rows that are known to be in the data path */
    public AppliedProgram(Table<EgressKey, Packed> applied) {
        this.applied = applied;
    }

    /** Called by the thread that plans rows, with all those that it made of a program. */
    synchronized void planned(EgressProgram program, Map<EgressKey, Packed> rows) {
        carryOut();
        pending = Optional.of(program);
        all = Optional.of(rows);
        changed.clear();
    }

    /** The same, with what differs from the rows that it made last. */
    synchronized void changed(EgressProgram program, Replan.Changes<EgressKey, Packed> changes) {
        carryOut();
        pending = Optional.of(program);
        changes.puts().forEach((key, row) -> changed.put(key, Optional.of(row)));
        changes.removals().forEach(key -> changed.put(key, Optional.empty()));
    }

    /** Empty until a first one is carried out. */
    public synchronized Optional<EgressProgram> now() {
        carryOut();
        return carriedOut;
    }

    private void carryOut() {
        if (pending.isPresent() && isThere(applied.snapshot())) {
            carriedOut = pending;
            pending = Optional.empty();
            all = Optional.empty();
            changed.clear();
        }
    }

    private boolean isThere(Snapshot<EgressKey, Packed> there) {
        return there.initialized()
                && changed.entrySet().stream()
                        .allMatch(row -> there.get(row.getKey()).equals(row.getValue()))
                && all.filter(rows -> !areThere(rows, there)).isEmpty();
    }

    /** Those that were not planned anew, and no other rows than all of them. */
    private boolean areThere(Map<EgressKey, Packed> rows, Snapshot<EgressKey, Packed> there) {
        long gone = changed.entrySet().stream()
                .filter(row -> row.getValue().isEmpty() && rows.containsKey(row.getKey()))
                .count();
        long more = changed.entrySet().stream()
                .filter(row -> row.getValue().isPresent() && !rows.containsKey(row.getKey()))
                .count();
        return there.size() == rows.size() - gone + more
                && rows.entrySet().stream()
                        .filter(row -> !changed.containsKey(row.getKey()))
                        .allMatch(row -> there.get(row.getKey()).equals(Optional.of(row.getValue())));
    }
}
