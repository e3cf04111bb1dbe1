package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.FloatingAddresses.Ownership;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether another machine has announced an address of this node. If etcd says that it is this node's still, packets
 * leave with it again and it is announced anew; if it is another's, it goes at once. While etcd cannot be asked, or knows no
 * owner, nothing leaves with it. Those that nobody else has announced are announced again from time to time.
 */
final class DeposedAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeposedAddresses.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Fences fences;
    private final FloatingAddresses addresses;
    private final Ownership ownership;
    private final Reconciler<IpAddress, String> loop;
    private final BooleanSupplier allSpeak;
    private final Reminders reminders = new Reminders();
    private final Thread thread;
    private String lastFailure = "";

    /** @param allSpeak whether the agents of all nodes that may have had an address are heard of */
    DeposedAddresses(
            Fences fences,
            FloatingAddresses addresses,
            Ownership ownership,
            Reconciler<IpAddress, String> loop,
            BooleanSupplier allSpeak) {
        this.fences = fences;
        this.addresses = addresses;
        this.ownership = ownership;
        this.loop = loop;
        this.allSpeak = allSpeak;
        thread = Thread.ofVirtual().name("deposed egress addresses").unstarted(this::run);
    }

    DeposedAddresses start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                look();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            var held = loop.applied().snapshot().toMap();
            var open = held.isEmpty() ? Set.<IpAddress>of() : fences.open();
            for (Map.Entry<IpAddress, String> row : held.entrySet()) {
                if (!open.contains(row.getKey())) {
                    settle(row.getKey(), row.getValue());
                }
            }
            remind(held, open);
            lastFailure = "";
        } catch (IOException away) {
            if (isNew(away)) {
                LOG.warn("an egress address may be another node's: {}", away.getMessage());
            }
        } catch (RuntimeException fault) {
            if (isNew(fault)) {
                LOG.error("egress addresses are not watched, by a fault of Tombolo", fault);
            }
        }
    }

    private boolean isNew(Exception failure) {
        String before = lastFailure;
        lastFailure = failure.toString();
        return !before.equals(lastFailure);
    }

    private void settle(IpAddress address, String device) throws IOException {
        if (ownership.isMine(address)) {
            ownership.gain(address);
            LOG.warn("egress address {} is this node's still, and is announced anew", address);
            ownership.announce(address, device);
        } else if (ownership.isAnothers(address)) {
            addresses.remove(address);
            loop.requestFullPass();
        }
    }

    private void remind(Map<IpAddress, String> held, Set<IpAddress> open) {
        var ours = new HashMap<>(held);
        ours.keySet().retainAll(open);
        var due = reminders.due(ours.keySet(), ours.isEmpty() || allSpeak.getAsBoolean(), System.nanoTime());
        ours.keySet().retainAll(due);
        if (!ours.isEmpty()) {
            ownership.remind(ours);
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
