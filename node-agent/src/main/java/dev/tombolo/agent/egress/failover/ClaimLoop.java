package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles claims as they come up, and again while they stand. One virtual thread of its own. */
final class ClaimLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimLoop.class);
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** What is too young to be settled is in a moment not. */
    private static final Duration SOON = Duration.ofMillis(50);

    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Table<IpAddress, Claim> claims;
    private final OwnershipClaims ownership;
    private final KeptStore kept;
    private final Thread thread;
    private final Map<IpAddress, Standing> standing = new HashMap<>();
    private String lastFailure = "";

    /** A claim, and since when there is that one. */
    private record Standing(Claim claim, long sinceNanos) {}

    ClaimLoop(Table<IpAddress, Claim> claims, OwnershipClaims ownership, KeptStore kept) {
        this.claims = claims;
        this.ownership = ownership;
        this.kept = kept;
        thread = Thread.ofVirtual().name("egress address claims").unstarted(this::run);
    }

    ClaimLoop start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                var snapshot = claims.snapshot();
                stand(snapshot.toMap(), System.nanoTime());
                boolean settled = snapshot.size() == 0 || attempt(snapshot);
                // A claim that was settled leaves the table when etcd tells of it.
                claims.awaitChange(snapshot.revision(), pause(settled));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
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
    private boolean attempt(Snapshot<IpAddress, Claim> snapshot) {
        KvStore store = null;
        boolean settled = true;
        try {
            store = kept.open();
            for (Map.Entry<IpAddress, Claim> row : snapshot.toMap().entrySet()) {
                long since = standing.get(row.getKey()).sinceNanos;
                settled &= ownership.settle(
                        store, row.getKey(), row.getValue(), Duration.ofNanos(System.nanoTime() - since));
            }
            lastFailure = "";
        } catch (KvException away) {
            kept.drop(store);
            if (isNew(away)) {
                LOG.warn("egress addresses cannot be claimed: {}", away.getMessage());
            }
        } catch (RuntimeException fault) {
            kept.drop(store);
            if (isNew(fault)) {
                LOG.error("egress addresses cannot be claimed, by a fault of Tombolo", fault);
            }
        }
        return settled;
    }

    private boolean isNew(Exception failure) {
        String before = lastFailure;
        lastFailure = failure.toString();
        return !before.equals(lastFailure);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
