package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.ArrayIndex;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;

/**
 * Counts what connections take of their map while somebody goes through them, and sets the programs' own count to it. The
 * limit leaves half of what answered connections do not take to clients that are known.
 */
final class RoomCount {
    private final BpfMap<ArrayIndex, ServiceRoom> room;
    private final int capacity;
    private long before;
    private long answered;
    private long unanswered;

    /** @param capacity of the map of connections */
    RoomCount(BpfMap<ArrayIndex, ServiceRoom> room, int capacity) {
        this.room = room;
        this.capacity = capacity;
    }

    void begin() throws BpfException {
        before = ofPrograms();
        answered = 0;
        unanswered = 0;
    }

    void add(ServiceTuple key, ServiceTranslation half) {
        count(key, half, 1);
    }

    void remove(ServiceTuple key, ServiceTranslation half) {
        count(key, half, -1);
    }

    /** The half to the service stands for both. */
    private void count(ServiceTuple key, ServiceTranslation half, int sign) {
        if (!key.isToService()) {
            return;
        }
        int entries = sign * (half.has(ServiceTranslation.HANDED_ON) ? 1 : 2);
        if (half.has(ServiceTranslation.REPLIED)) {
            answered += entries;
        } else {
            unanswered += entries;
        }
    }

    /**
     * What began while they were gone through, the programs have counted, and it may have been met too: counted twice, it
     * makes the limit strict for one pass. Left out, a flood would have the limit again in each pass. What the programs count
     * between the two calls here is lost until the next pass; that is as much as comes in a few microseconds.
     */
    void finish() throws BpfException {
        long meanwhile = ofPrograms() - before;
        room.put(ArrayIndex.ONLY, new ServiceRoom(unanswered + meanwhile, Math.max(1, (capacity - answered) / 2)));
    }

    private long ofPrograms() throws BpfException {
        return room.lookup(ArrayIndex.ONLY).orElseThrow().unanswered();
    }
}
