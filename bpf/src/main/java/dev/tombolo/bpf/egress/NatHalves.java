package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Translations as pairs: one half is of no use without the other. */
record NatHalves(BpfMap<EgressTuple, EgressNat> translations) {
    record Half(EgressTuple key, EgressNat nat) {}

    /** The other half, if it is there and names this one. */
    Optional<EgressNat> other(Half half) throws BpfException {
        return translations
                .lookup(half.key().other(half.nat()))
                .filter(nat -> half.key().equals(half.key().other(half.nat()).other(nat)));
    }

    /** Outward first: a packet that comes in between then makes a flow anew, instead of using one without a way back. */
    int end(Half half) throws BpfException {
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
