package dev.tombolo.agent.egress;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Family;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.Rule;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By what the stack answers IPv6 packets that are too big for a carrier. A node or a device without IPv6 has none, and
 * needs none: no packet comes there.
 */
final class CarrierIpv6 {
    private static final Logger LOG = LoggerFactory.getLogger(CarrierIpv6.class);
    private static final Prefix EVERYWHERE = Prefix.parse("::/0");

    private final Netlink netlink;
    private final Rule rule;

    CarrierIpv6(Netlink netlink, int table, int mark) {
        this.netlink = netlink;
        rule = Rule.lookup(Family.V6, table, table).withMark(mark, mark);
    }

    /** @param routes of the carriers' table, as they are */
    void ensure(String carrier, int mtu, List<Route> routes) throws IOException {
        boolean there = routes.stream()
                .anyMatch(route -> route.destination().equals(EVERYWHERE)
                        && route.mtu() == mtu
                        && route.hop().equals(new Hop.Device(carrier)));
        if (!there) {
            add(carrier, mtu);
        }
    }

    private void add(String carrier, int mtu) throws IOException {
        try {
            if (!netlink.rules().list().contains(rule)) {
                netlink.rules().add(rule);
            }
            netlink.routes()
                    .replace(Route.device(EVERYWHERE, carrier, rule.table())
                            .withMtu(mtu)
                            .withMetric(Carrier.gatewayNumber(carrier)));
        } catch (NetlinkException noIpv6) {
            LOG.debug("{} carries no IPv6: {}", carrier, noIpv6.getMessage());
        }
    }
}
