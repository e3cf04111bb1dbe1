package dev.tombolo.bpf.service;

import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
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
 * @param slots the ids that are chosen from: each once, or a table of them
 */
record HeldService(ServiceFrontend frontend, BackendRow[] rows, int[] ids, int[] slots, Clients clients) {
    /** What is held of a service that is not there; no service has its id. */
    static final HeldService NOTHING = new HeldService(
            new ServiceFrontend(0, 0, 0, 0), new BackendRow[0], new int[0], new int[0], Clients.OF_CLUSTER);

    static final int REFUSE_WHEN_EMPTY = 1;
    private static final int TABLE = 64;
    private static final int LAST_GENERATION = 0xFFFF;
    private static final Comparator<BackendRow> ORDER =
            Comparator.comparing(BackendRow::address).thenComparingInt(BackendRow::port);

    /**
     * The same service with other backends: known ones keep their ids. Slots that change are a new generation, but for those of
     * a table that stays as large.
     */
    HeldService next(ServiceEntry entry, Ids serviceIds, Ids backendIds, TableRoom room) {
        int serviceId = this == NOTHING ? serviceIds.take() : frontend.serviceId();
        var newRows = new BackendRow[entry.backends().size()];
        var newIds = new int[newRows.length];
        for (int i = 0; i < newRows.length; i++) {
            newRows[i] = BackendRow.of(entry.backends().get(i), serviceId);
            int known = find(newRows[i]);
            newIds[i] = known < 0 ? backendIds.take() : ids[known];
        }
        int size = fitting(wanted(newRows, entry.clients()), room);
        var newSlots = slots(newRows, newIds, size);
        int flags = (entry.refuseWhenEmpty() ? REFUSE_WHEN_EMPTY : 0)
                | (size == TableSize.NONE ? 0 : TABLE)
                | entry.clients().flags();
        return new HeldService(
                new ServiceFrontend(serviceId, generation(newSlots, size), newSlots.length, flags),
                newRows,
                newIds,
                newSlots,
                entry.clients());
    }

    private int generation(int[] newSlots, int size) {
        boolean stays = size == tableSlots() && (isTable() || Arrays.equals(slots, newSlots));
        return this == NOTHING || stays ? frontend.generation() : frontend.generation() + 1 & LAST_GENERATION;
    }

    /** A table that stays as large as it is takes no more room. */
    private int fitting(int wanted, TableRoom room) {
        return wanted == tableSlots() || room.fits(wanted - tableSlots()) ? wanted : TableSize.NONE;
    }

    private static int wanted(BackendRow[] rows, Clients clients) {
        return TableSize.of(clients.reach(), rows);
    }

    private static int[] slots(BackendRow[] rows, int[] ids, int size) {
        var active = new int[rows.length];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].isActive()) {
                active[count++] = ids[i];
            }
        }
        return size == TableSize.NONE ? Arrays.copyOf(active, count) : table(rows, active, size);
    }

    private static int[] table(BackendRow[] rows, int[] active, int size) {
        var backends = Arrays.stream(rows)
                .filter(BackendRow::isActive)
                .map(BackendRow::backend)
                .toList();
        return Arrays.stream(MaglevTable.of(backends, size))
                .map(number -> active[number])
                .toArray();
    }

    boolean isTable() {
        return (frontend.flags() & TABLE) != 0;
    }

    /** How many slots of tables it has; 0 where it has a list. */
    int tableSlots() {
        return isTable() ? slots.length : 0;
    }

    /** Whether it has a list because there was no room for a table. */
    boolean lacksTable() {
        return !isTable() && wanted(rows, clients) != TableSize.NONE;
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

    /**
     * As the agent wrote it. Where slots are not what the rows ask for, a writer was killed half way or has made room since:
     * shares are then unknown, and the next pass writes them.
     */
    ServiceEntry entry(TableRoom room) {
        boolean known = isTable() ? isWhole() : !lacksTable() || !room.fits(wanted(rows, clients));
        var shown = new ArrayList<ServiceBackend>();
        for (int i = 0; i < rows.length; i++) {
            if (!rows[i].isActive() || isTable() || isChosen(ids[i])) {
                shown.add(known ? rows[i].backend() : rows[i].backend().ofUnknownShare());
            }
        }
        return new ServiceEntry(shown, (frontend.flags() & REFUSE_WHEN_EMPTY) != 0, clients);
    }

    private boolean isWhole() {
        int wanted = wanted(rows, clients);
        return wanted == slots.length && Arrays.equals(slots, slots(rows, ids, wanted));
    }

    private boolean isChosen(int id) {
        return Arrays.stream(slots).anyMatch(slot -> slot == id);
    }
}
