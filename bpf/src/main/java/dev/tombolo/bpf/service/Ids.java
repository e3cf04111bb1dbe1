package dev.tombolo.bpf.service;

import java.util.BitSet;

/** Numbers from 1 that are in use; the lowest free one is next. */
final class Ids {
    private final BitSet used = new BitSet();
    private int firstFree = 1;

    int take() {
        int id = used.nextClearBit(firstFree);
        used.set(id);
        firstFree = id + 1;
        return id;
    }

    void release(int id) {
        used.clear(id);
        firstFree = Math.min(firstFree, id);
    }

    void use(int id) {
        used.set(id);
    }

    boolean uses(int id) {
        return used.get(id);
    }

    void clear() {
        used.clear();
        firstFree = 1;
    }
}
