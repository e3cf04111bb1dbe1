package dev.tombolo.agent.egress;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.GratuitousArp;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.UnsolicitedAdvertisement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the links of this node that an address is here now: at once, and again twice, because any of them may get lost. An
 * address that was lost meanwhile does not leave, which the programs see to.
 */
final class Announcements implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(200), Duration.ofSeconds(1));

    private final Netlink netlink;
    private final GratuitousArp arp;
    private final UnsolicitedAdvertisement advertisement;

    Announcements(Netlink netlink) throws IOException {
        this.netlink = netlink;
        arp = GratuitousArp.open();
        advertisement = UnsolicitedAdvertisement.open();
    }

    void announce(IpAddress address, String device) {
        once(address, device);
        Thread.ofVirtual().name("announce " + address).start(() -> again(address, device));
    }

    private void again(IpAddress address, String device) {
        try {
            for (Duration pause : PAUSES) {
                Thread.sleep(pause);
                once(address, device);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void once(IpAddress address, String device) {
        try {
            var link = netlink.links().list().stream()
                    .filter(known -> known.name().equals(device))
                    .findFirst();
            if (link.isPresent() && address.isV4()) {
                arp.announce(link.get().index(), address);
            } else if (link.isPresent()) {
                advertisement.announce(link.get().index(), address);
            }
        } catch (IOException | IllegalStateException failure) {
            LOG.warn("egress address {} is not announced on {}: {}", address, device, failure.getMessage());
        }
    }

    @Override
    public void close() {
        arp.close();
        advertisement.close();
    }
}
