package dev.tombolo.bpf.service;

import dev.tombolo.model.net.Prefix;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A service as the maps hold it.
 *
 * @param rows in the order of address and port, each place once
 * @param ids of the rows, side by side
 * @param slots the ids that are chosen from
 */
record HeldService(ServiceFrontend frontend, BackendRow[] rows, int[] ids, int[] slots, Clients clients) {
    /** What is held of a service that is not there; no service has its id. */
    static final HeldService NOTHING = new HeldService(
            new ServiceFrontend(0, 0, 0, 0), new BackendRow[0], new int[0], new int[0], Clients.OF_CLUSTER);

    static final int REFUSE_WHEN_EMPTY = 1;
    private static final int LAST_GENERATION = 0xFFFF;
    private static final Comparator<BackendRow> ORDER =
            Comparator.comparing(BackendRow::address).thenComparingInt(BackendRow::port);

    /** The same service with other backends: known ones keep their ids, and slots that change are a new generation. */
    HeldService next(ServiceEntry entry, Ids serviceIds, Ids backendIds) {
        int serviceId = this == NOTHING ? serviceIds.take() : frontend.serviceId();
        var newRows = new BackendRow[entry.backends().size()];
        var newIds = new int[newRows.length];
        var active = new int[newRows.length];
        int count = 0;
        for (int i = 0; i < newRows.length; i++) {
            var backend = entry.backends().get(i);
            newRows[i] =
                    new BackendRow(backend.address(), backend.port(), backend.clusterId(), backend.state(), serviceId);
            int known = find(newRows[i]);
            newIds[i] = known < 0 ? backendIds.take() : ids[known];
            if (backend.state() == BackendState.ACTIVE) {
                active[count++] = newIds[i];
            }
        }
        var newSlots = Arrays.copyOf(active, count);
        int flags = (entry.refuseWhenEmpty() ? REFUSE_WHEN_EMPTY : 0)
                | entry.clients().flags();
        return new HeldService(
                new ServiceFrontend(serviceId, generation(newSlots), count, flags),
                newRows,
                newIds,
                newSlots,
                entry.clients());
    }

    private int generation(int[] newSlots) {
        return this == NOTHING || Arrays.equals(slots, newSlots)
                ? frontend.generation()
                : frontend.generation() + 1 & LAST_GENERATION;
    }

    /** Where the row of the same address and port is, or a negative number. */
    private int find(BackendRow wanted) {
        return rows.length == 0 ? -1 : Arrays.binarySearch(rows, wanted, ORDER);
    }

    /** A service as it was read; a slot that is missing reads as no backend, and the next put sees a difference. */
    static HeldService read(
            ServiceFrontend frontend,
            Collection<Map.Entry<BackendKey, BackendRow>> backends,
            int[] slots,
            Set<Prefix> ranges) {
        var sorted = backends.stream().sorted(Map.Entry.comparingByValue(ORDER)).toList();
        var rows = sorted.stream().map(Map.Entry::getValue).toArray(BackendRow[]::new);
        var ids = sorted.stream().mapToInt(row -> row.getKey().backendId()).toArray();
        return new HeldService(frontend, rows, ids, slots, Clients.of(frontend.flags(), ranges));
    }

    boolean has(BackendRow row) {
        return find(row) >= 0;
    }

    /** Whether exactly this row is held, with its state. */
    boolean holds(BackendRow row) {
        int at = find(row);
        return at >= 0 && rows[at].equals(row);
    }

    /** Whether the slots of one are not those of the other. */
    static boolean flips(HeldService before, HeldService after) {
        return before == NOTHING || before.frontend.generation() != after.frontend.generation();
    }

    List<ServiceSlotKey> slotKeys() {
        var keys = new ServiceSlotKey[slots.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = slotKey(i);
        }
        return List.of(keys);
    }

    ServiceSlotKey slotKey(int slot) {
        return new ServiceSlotKey(frontend.serviceId(), frontend.generation(), slot);
    }

    /** As the agent wrote it. */
    ServiceEntry entry() {
        var shown = new java.util.ArrayList<ServiceBackend>();
        for (int i = 0; i < rows.length; i++) {
            var row = rows[i];
            if (row.state() != BackendState.ACTIVE || isChosen(ids[i])) {
                shown.add(new ServiceBackend(row.address(), row.port(), row.clusterId(), row.state()));
            }
        }
        return new ServiceEntry(shown, (frontend.flags() & REFUSE_WHEN_EMPTY) != 0, clients);
    }

    private boolean isChosen(int id) {
        return Arrays.stream(slots).anyMatch(slot -> slot == id);
    }
}
