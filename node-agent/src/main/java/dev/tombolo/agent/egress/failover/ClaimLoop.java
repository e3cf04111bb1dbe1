package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Settles claims as they come up, and again while they stand. */
final class ClaimLoop implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** What is too young to be settled is in a moment not. */
    private static final Duration SOON = Duration.ofMillis(30);

    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Table<IpAddress, Claim> claims;
    private final OwnershipClaims ownership;
    private final KeptStore kept;
    private final Map<IpAddress, Standing> standing = new HashMap<>();
    private final Watch watch;

    /** A claim, and since when there is that one. */
    private record Standing(Claim claim, long sinceNanos) {}

    private ClaimLoop(Table<IpAddress, Claim> claims, OwnershipClaims ownership, KeptStore kept) {
        this.claims = claims;
        this.ownership = ownership;
        this.kept = kept;
        watch = Watch.startOnTime("egress address claims", "egress addresses cannot be claimed", this::settle);
    }

    static ClaimLoop start(Table<IpAddress, Claim> claims, OwnershipClaims ownership, KeptStore kept) {
        return new ClaimLoop(claims, ownership, kept);
    }

    private void settle() throws KvException, InterruptedException {
        var snapshot = claims.snapshot();
        stand(snapshot.toMap(), System.nanoTime());
        boolean settled = snapshot.size() == 0 || attempt(snapshot);
        // A claim that was settled leaves the table when etcd tells of it.
        claims.awaitChange(snapshot.revision(), pause(settled));
    }

    private void stand(Map<IpAddress, Claim> now, long nanos) {
        standing.keySet().retainAll(now.keySet());
        now.forEach((address, claim) -> standing.merge(
                address,
                new Standing(claim, nanos),
                (before, after) -> before.claim.equals(after.claim) ? before : after));
    }

    private Duration pause(boolean settled) {
        if (standing.isEmpty()) {
            return LONGEST_WAIT;
        }
        long now = System.nanoTime();
        boolean young = standing.values().stream().anyMatch(since -> now - since.sinceNanos < YOUNG.toNanos());
        return young && !settled ? SOON : AGAIN;
    }

    /** Whether none of them is to be tried again. */
    private boolean attempt(Snapshot<IpAddress, Claim> snapshot) throws KvException {
        KvStore store = kept.open();
        boolean settled = true;
        try {
            for (Map.Entry<IpAddress, Claim> row : snapshot.toMap().entrySet()) {
                long since = standing.get(row.getKey()).sinceNanos;
                settled &= ownership.settle(
                        store, row.getKey(), row.getValue(), Duration.ofNanos(System.nanoTime() - since));
            }
        } catch (KvException | RuntimeException failure) {
            kept.drop(store);
            throw failure;
        }
        return settled;
    }

    @Override
    public void close() {
        watch.close();
    }
}
