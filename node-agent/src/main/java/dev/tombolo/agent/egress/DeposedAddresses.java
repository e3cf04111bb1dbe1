package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.FloatingAddresses.Ownership;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether another machine has announced an address of this node. If etcd says that it is this node's still, packets
 * leave with it again and it is announced anew; if it is another's, it goes at once. While etcd cannot be asked, or knows no
 * owner, nothing leaves with it.
 */
final class DeposedAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeposedAddresses.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final Fences fences;
    private final FloatingAddresses addresses;
    private final Ownership ownership;
    private final Reconciler<IpAddress, String> loop;
    private final Thread thread;
    private String lastFailure = "";

    DeposedAddresses(
            Fences fences, FloatingAddresses addresses, Ownership ownership, Reconciler<IpAddress, String> loop) {
        this.fences = fences;
        this.addresses = addresses;
        this.ownership = ownership;
        this.loop = loop;
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
            var held = loop.applied().snapshot();
            if (held.size() > 0) {
                var open = fences.open();
                for (Map.Entry<IpAddress, String> row : held) {
                    if (!open.contains(row.getKey())) {
                        settle(row.getKey(), row.getValue());
                    }
                }
            }
            lastFailure = "";
        } catch (IOException | RuntimeException failure) {
            if (!lastFailure.equals(failure.getMessage())) {
                LOG.warn("an egress address may be another node's: {}", failure.getMessage());
            }
            lastFailure = String.valueOf(failure.getMessage());
        }
    }

    private void settle(IpAddress address, String device) throws IOException {
        if (ownership.isMine(address)) {
            LOG.warn("egress address {} is this node's still, and is announced anew", address);
            ownership.gain(address);
            ownership.announce(address, device);
        } else if (ownership.isAnothers(address)) {
            addresses.remove(address);
            loop.requestFullPass();
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
