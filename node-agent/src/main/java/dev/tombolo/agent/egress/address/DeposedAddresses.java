package dev.tombolo.agent.egress.address;

import dev.tombolo.agent.egress.address.FloatingAddresses.Ownership;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether another machine has announced an address of this node. If etcd says that it is this node's still, packets
 * leave with it again and it is announced anew; if it is another's, it goes at once. While etcd cannot be asked, or knows no
 * owner, nothing leaves with it. One that left its pool is its administrator's as soon as that one has it. Those that nobody else has announced are announced again from time to time.
 */
public final class DeposedAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeposedAddresses.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final Fences fences;
    private final FloatingAddresses addresses;
    private final Ownership ownership;
    private final Reconciler<IpAddress, String> loop;
    private final Predicate<IpAddress> mayFloat;
    private final BooleanSupplier allSpeak;
    private final Reminders reminders = new Reminders();
    private final Watch watch;

    /**
     * @param mayFloat whether a pool has an address, as far as is known
     * @param allSpeak whether the agents of all nodes that may have had an address are heard of
     */
    public DeposedAddresses(
            Fences fences,
            FloatingAddresses addresses,
            Ownership ownership,
            Reconciler<IpAddress, String> loop,
            Predicate<IpAddress> mayFloat,
            BooleanSupplier allSpeak) {
        this.fences = fences;
        this.addresses = addresses;
        this.ownership = ownership;
        this.loop = loop;
        this.mayFloat = mayFloat;
        this.allSpeak = allSpeak;
        watch = Watch.start("deposed egress addresses", "egress addresses may be other nodes'", this::next);
    }

    private void next() throws IOException, InterruptedException {
        Thread.sleep(INTERVAL);
        var held = loop.applied().snapshot().toMap();
        var fenced = fences.read();
        giveBack(fenced.closed(), held.keySet());
        for (Map.Entry<IpAddress, String> row : held.entrySet()) {
            if (!fenced.open().contains(row.getKey())) {
                settle(row.getKey(), row.getValue());
            }
        }
        remind(held, fenced.open());
    }

    /**
     * What has left its pools and the administrator has put on a device: nobody else would let it go. While a pool has it,
     * it may be another node's.
     */
    private void giveBack(Set<IpAddress> closed, Set<IpAddress> held) throws IOException {
        var lost = new HashSet<>(closed);
        lost.removeAll(held);
        lost.removeIf(mayFloat);
        if (!lost.isEmpty()) {
            lost.retainAll(addresses.administrators());
            fences.forget(lost);
        }
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
        watch.close();
    }
}
