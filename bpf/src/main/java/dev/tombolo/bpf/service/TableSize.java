package dev.tombolo.bpf.service;

/**
 * How many slots the table of a service has, by nothing but its backends and who is served: nodes that differ would move each
 * other's connections, and so would a size that follows the backends closely.
 */
final class TableSize {
    /** No table: each active backend has one slot. */
    static final int NONE = 0;

    /** So many backends a packet program looks at, each time a connection begins. */
    private static final int LOOKED_AT = 32;

    /** A hundred slots and more for each of 160 backends, of which one that leaves then moves less than 1 % of the others. */
    private static final int MANY = 16_381;

    private static final int FEW = 4_093;

    /** Where sockets alone are served, nothing has to be chosen alike, and only shares count. */
    private static final int SOCKETS = 1_021;

    private TableSize() {}

    static int of(Reach reach, BackendRow[] rows) {
        int active = 0;
        int lightest = ServiceBackend.MOST;
        int heaviest = 0;
        for (var row : rows) {
            if (row.isActive()) {
                active++;
                lightest = Math.min(lightest, row.share());
                heaviest = Math.max(heaviest, row.share());
            }
        }
        return of(reach, active, lightest < heaviest);
    }

    private static int of(Reach reach, int active, boolean weighted) {
        boolean sockets = reach == Reach.CLUSTER;
        boolean many = active > LOOKED_AT;
        // Of a table that is not twice as large, shares would have little to do with weights.
        if (!weighted && (sockets || !many) || 2 * active > MANY) {
            return NONE;
        }
        if (many) {
            return MANY;
        }
        return sockets ? SOCKETS : FEW;
    }
}
