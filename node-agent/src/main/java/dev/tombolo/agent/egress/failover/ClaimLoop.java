package dev.tombolo.agent.egress.failover;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles claims as they come up, and again while they stand. One virtual thread of its own. */
final class ClaimLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimLoop.class);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Table<IpAddress, Claim> claims;
    private final OwnershipClaims ownership;
    private final KeptStore kept;
    private final Thread thread;
    private String lastFailure = "";

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
                if (snapshot.size() > 0) {
                    attempt(snapshot);
                }
                // A claim that was settled leaves the table when etcd tells of it.
                claims.awaitChange(snapshot.revision(), snapshot.size() > 0 ? AGAIN : LONGEST_WAIT);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(Snapshot<IpAddress, Claim> snapshot) {
        KvStore store = null;
        try {
            store = kept.open();
            for (Map.Entry<IpAddress, Claim> row : snapshot.toMap().entrySet()) {
                ownership.settle(store, row.getKey(), row.getValue());
            }
            lastFailure = "";
        } catch (KvException | RuntimeException failure) {
            kept.drop(store);
            if (!lastFailure.equals(failure.getMessage())) {
                LOG.warn("egress addresses cannot be claimed: {}", failure.getMessage());
            }
            lastFailure = String.valueOf(failure.getMessage());
        }
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
