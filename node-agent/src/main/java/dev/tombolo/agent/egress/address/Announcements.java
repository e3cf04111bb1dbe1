package dev.tombolo.agent.egress.address;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.AddressAnnouncer;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the links of this node that an address is here now: at once, and again twice, because any of them may get lost;
 * and never while it is not on the device. An address that was lost meanwhile does not leave, which the programs see to.
 */
public final class Announcements implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(200), Duration.ofSeconds(1));

    private final Netlink netlink;
    private final AddressAnnouncer announcer;

    /** Closes the announcer when it is closed. */
    public Announcements(Netlink netlink, AddressAnnouncer announcer) {
        this.netlink = netlink;
        this.announcer = announcer;
    }

    void announce(IpAddress address, String device) {
        var where = Map.of(address, device);
        once(where);
        Thread.ofVirtual().name("announce " + address).start(() -> again(where));
    }

    private void again(Map<IpAddress, String> where) {
        try {
            for (Duration pause : PAUSES) {
                Thread.sleep(pause);
                once(where);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of addresses by their devices, those that are there. */
    void once(Map<IpAddress, String> where) {
        try {
            var there = netlink.addresses().list();
            var indexes = netlink.links().list().stream().collect(Collectors.toMap(Link::name, Link::index));
            for (var own : there) {
                if (own.device().equals(where.get(own.address())) && indexes.containsKey(own.device())) {
                    announcer.announce(indexes.get(own.device()), own.address());
                }
            }
        } catch (IOException | IllegalStateException failure) {
            LOG.warn("egress addresses {} are not announced: {}", where, failure.getMessage());
        }
    }

    @Override
    public void close() {
        announcer.close();
    }
}
