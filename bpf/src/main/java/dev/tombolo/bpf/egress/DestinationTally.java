package dev.tombolo.bpf.egress;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How many ports each egress address has in use towards each destination. There may be a quarter of a million
 * destinations, so they are numbers in arrays that serve the next pass again. Two of them count as one where their
 * hashes are equal: nobody can choose destinations by a hash that starts from a secret.
 */
final class DestinationTally {
    private static final int SMALLEST = 1 << 10;

    private final long secret;
    private long[] hashes = new long[SMALLEST];
    private int[] counts = new int[SMALLEST];
    private int destinations;

    DestinationTally(RandomGenerator random) {
        secret = random.nextLong();
    }

    /** Counts an entry for what comes back to an egress address; returns how many its destination has now. */
    int add(EgressTuple in) {
        if (2 * destinations >= hashes.length) {
            grow();
        }
        long hash = hash(in);
        int at = slot(hash);
        if (hashes[at] == 0) {
            hashes[at] = hash;
            destinations++;
        }
        return ++counts[at];
    }

    /** Forgets all, and gives back what the last pass did not need. */
    void clear() {
        if (hashes.length > SMALLEST && 8 * destinations < hashes.length) {
            hashes = new long[hashes.length / 2];
            counts = new int[hashes.length];
        } else {
            Arrays.fill(hashes, 0);
            Arrays.fill(counts, 0);
        }
        destinations = 0;
    }

    private void grow() {
        long[] before = hashes;
        int[] counted = counts;
        hashes = new long[2 * before.length];
        counts = new int[hashes.length];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
                int at = slot(before[i]);
                hashes[at] = before[i];
                counts[at] = counted[i];
            }
        }
    }

    /** Where the hash is, or would be. */
    private int slot(long hash) {
        int at = (int) hash & hashes.length - 1;
        while (hashes[at] != 0 && hashes[at] != hash) {
            at = at + 1 & hashes.length - 1;
        }
        return at;
    }

    private long hash(EgressTuple in) {
        long hash = secret;
        hash = mix(hash ^ in.near().high());
        hash = mix(hash ^ in.near().low());
        hash = mix(hash ^ in.far().high());
        hash = mix(hash ^ in.far().low());
        hash = mix(hash ^ ((long) in.farPort() << 8 | in.protocol()));
        // Zero stands for an empty place.
        return hash == 0 ? 1 : hash;
    }

    /** The last steps of MurmurHash3. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
