package dev.tombolo.bpf.service;

import java.util.Arrays;
import java.util.List;

/**
 * Which backend each slot of a table has, as Maglev fills it (Eisenbud et al., NSDI 2016, section 3.4): every backend has an
 * order of its own in which it wants the slots, and they take turns. Orders come from nothing but address and port, so nodes
 * and clusters with the same backends have the same table, and a backend that leaves moves few slots of the others.
 */
public final class MaglevTable {
    /** Nodes that differ in it would move each other's connections. */
    private static final long SEED = 0x746F6D626F6C6F31L;

    private static final int FREE = -1;

    private MaglevTable() {}

    /**
     * The number of a backend for each slot. Who has a greater weight takes more turns, and everybody takes one in the first
     * round.
     *
     * @param backends in the order of address and port, no more than slots
     * @param slots a prime number: any step then leads to all of them
     */
    public static int[] of(List<ServiceBackend> backends, int slots) {
        var orders = backends.stream().map(backend -> new Order(backend, slots)).toArray(Order[]::new);
        int most = Arrays.stream(orders).mapToInt(order -> order.weight).max().orElse(0);
        Arrays.stream(orders).forEach(order -> order.credit = most - order.weight);
        var table = new int[slots];
        Arrays.fill(table, FREE);
        int filled = 0;
        while (filled < slots && most > 0) {
            for (int i = 0; i < orders.length && filled < slots; i++) {
                if (orders[i].isItsTurn(most)) {
                    table[orders[i].firstFree(table)] = i;
                    filled++;
                }
            }
        }
        return table;
    }

    /** The order of one backend, and how far it has come. */
    private static final class Order {
        private final int step;
        private final int weight;
        private int next;
        private int credit;

        Order(ServiceBackend backend, int slots) {
            long hash = hash(backend);
            next = (int) Long.remainderUnsigned(hash, slots);
            step = 1 + (int) Long.remainderUnsigned(mixed(hash), slots - 1);
            weight = backend.weight();
        }

        boolean isItsTurn(int most) {
            credit += weight;
            boolean itsTurn = credit >= most;
            credit -= itsTurn ? most : 0;
            return itsTurn;
        }

        int firstFree(int[] table) {
            int at = next;
            while (table[at] != FREE) {
                at = after(at, table.length);
            }
            next = after(at, table.length);
            return at;
        }

        private int after(int at, int slots) {
            return at + step < slots ? at + step : at + step - slots;
        }
    }

    private static long hash(ServiceBackend backend) {
        var address = backend.address();
        return mixed(mixed(mixed(SEED ^ address.high()) ^ address.low()) ^ backend.port());
    }

    /** The finalizer of splitmix64, which lets no two values meet. */
    private static long mixed(long value) {
        long hash = value + 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
        return hash ^ hash >>> 31;
    }
}
