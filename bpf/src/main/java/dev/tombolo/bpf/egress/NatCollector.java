package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Ends translations: those that are over, and those of an address that is no longer ours. Always both halves. */
public final class NatCollector {
    private record Half(EgressTuple key, EgressNat nat) {}

    private final BpfMap<EgressTuple, EgressNat> translations;
    private final NatTimeouts timeouts;
    private final LongSupplier clock;

    /** @param clock the kernel's monotonic one, in nanoseconds: {@link System#nanoTime} on Linux */
    public NatCollector(BpfMap<EgressTuple, EgressNat> translations, NatTimeouts timeouts, LongSupplier clock) {
        this.translations = translations;
        this.timeouts = timeouts;
        this.clock = clock;
    }

    /** One pass over the map; returns how many entries went. */
    public int collect() throws BpfException {
        long now = clock.getAsLong();
        var over = new ArrayList<Half>();
        translations.forEach((key, nat) -> {
            var half = new Half(key, nat);
            // The other half is looked up only where that could matter.
            if (timeouts.isOver(key, nat, Optional.empty(), now) && timeouts.isOver(key, nat, other(half), now)) {
                over.add(half);
            }
        });
        int ended = 0;
        for (var half : over) {
            ended += end(half);
        }
        return ended;
    }

    /** Addresses that moved elsewhere: what they translate here would answer in their new owner's name. */
    public int releaseAllBut(Set<IpAddress> held) throws BpfException {
        var owned = new ArrayList<Half>();
        translations.forEach((key, nat) -> {
            if (key.isOutward() && !held.contains(nat.address())) {
                owned.add(new Half(key, nat));
            }
        });
        int ended = 0;
        for (var half : owned) {
            ended += end(half);
        }
        return ended;
    }

    /** The other half, if it is there and names this one. */
    private Optional<EgressNat> other(Half half) throws BpfException {
        return translations
                .lookup(half.key().other(half.nat()))
                .filter(nat -> half.key().equals(half.key().other(half.nat()).other(nat)));
    }

    /** Outward first: a packet that comes in between then makes a flow anew, instead of using one without a way back. */
    private int end(Half half) throws BpfException {
        var keys = new ArrayList<>(List.of(half.key()));
        if (other(half).isPresent()) {
            keys.add(half.key().isOutward() ? 1 : 0, half.key().other(half.nat()));
        }
        int ended = 0;
        for (var key : keys) {
            ended += translations.delete(key) ? 1 : 0;
        }
        return ended;
    }
}
