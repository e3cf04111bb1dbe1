package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.egress.NatHalves.Half;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.LongSupplier;

/** Ends translations: those that are over, and those of an address that is no longer ours. Always both halves. Used by one thread. */
public final class NatCollector {
    /** What one pass ends: a map that is full of flows that are over is more than an agent has memory for. */
    private static final int MOST = 16_384;

    private final BpfMap<EgressTuple, EgressNat> translations;
    private final NatHalves halves;
    private final NatTimeouts timeouts;
    private final LongSupplier clock;
    private final int most;
    private final NatCensus census = new NatCensus();
    private boolean behind;

    /** @param clock the kernel's monotonic one, in nanoseconds: {@link System#nanoTime} on Linux */
    public NatCollector(BpfMap<EgressTuple, EgressNat> translations, NatTimeouts timeouts, LongSupplier clock) {
        this(translations, timeouts, clock, MOST);
    }

    /** @param most halves that a pass ends of each kind */
    NatCollector(BpfMap<EgressTuple, EgressNat> translations, NatTimeouts timeouts, LongSupplier clock, int most) {
        this.translations = translations;
        this.halves = new NatHalves(translations);
        this.timeouts = timeouts;
        this.clock = clock;
        this.most = most;
    }

    /**
     * One pass over the map, which counts what stays.
     *
     * @param held the node's addresses; empty while they are not known. What is translated to others would answer in
     *     their new owner's name.
     */
    public NatUse collect(Set<IpAddress> held) throws BpfException {
        long now = clock.getAsLong();
        var over = new ArrayList<Half>();
        var moved = new ArrayList<Half>();
        census.begin();
        translations.forEach((key, nat) -> {
            if (moved.size() < most && isMoved(key, nat, held)) {
                moved.add(new Half(key, nat));
            } else if (over.size() < most && isOver(key, nat, now)) {
                over.add(new Half(key, nat));
            } else {
                census.count(key, nat);
            }
        });
        behind = moved.size() == most || over.size() == most;
        int ended = 0;
        for (var half : over) {
            ended += isStillOver(half) ? halves.end(half) : 0;
        }
        for (var half : moved) {
            ended += halves.end(half);
        }
        return census.result(ended);
    }

    /** Whether the last pass may have left some that were to end. */
    public boolean isBehind() {
        return behind;
    }

    private static boolean isMoved(EgressTuple key, EgressNat nat, Set<IpAddress> held) {
        return !held.isEmpty() && !held.contains(key.isOutward() ? nat.address() : key.near());
    }

    /** The other half is looked up only where that could matter: there are very many. */
    private boolean isOver(EgressTuple key, EgressNat nat, long now) throws BpfException {
        return timeouts.mayBeOver(key, nat, now) && timeouts.isOver(key, nat, halves.other(new Half(key, nat)), now);
    }

    /** A pass takes a while, and a packet may have come meanwhile. */
    private boolean isStillOver(Half half) throws BpfException {
        long now = clock.getAsLong();
        var nat = translations.lookup(half.key());
        return nat.isPresent() && isOver(half.key(), nat.get(), now);
    }
}
