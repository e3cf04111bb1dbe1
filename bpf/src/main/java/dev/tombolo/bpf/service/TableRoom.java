package dev.tombolo.bpf.service;

/**
 * How many slots tables may have together: half of the map. Lists have one slot for each backend at the most, for which the
 * other half is enough as the maps are built in. A service whose table does not fit has a list.
 */
final class TableRoom {
    /** Nothing fits. */
    static final TableRoom FULL = new TableRoom(0);

    private final int limit;
    private int taken;

    TableRoom(int capacity) {
        this.limit = capacity / 2;
    }

    boolean fits(int slots) {
        return slots <= limit - taken;
    }

    void replace(HeldService before, HeldService after) {
        taken += after.tableSlots() - before.tableSlots();
    }

    void clear() {
        taken = 0;
    }
}
