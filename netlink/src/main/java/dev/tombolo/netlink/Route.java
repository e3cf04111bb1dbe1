package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Objects;
import java.util.Optional;

/**
 * A route of one table.
 *
 * @param metric the lower one wins; IPv6 has no metric 0, its default is 1024
 * @param source the address that local programs get when they don't choose one
 * @param mtu 0 means the device's
 */
public record Route(
        Prefix destination, Hop hop, int table, int metric, Optional<IpAddress> source, int mtu, Scope scope) {
    public static final int MAIN_TABLE = 254;
    private static final int DEFAULT_V6_METRIC = 1024;

    /** How far away the destination is. */
    public enum Scope {
        UNIVERSE(0),
        SITE(200),
        LINK(253),
        HOST(254),
        NOWHERE(255);

        private final int number;

        Scope(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        static Scope of(int number) {
            for (Scope scope : values()) {
                if (scope.number == number) {
                    return scope;
                }
            }
            return UNIVERSE;
        }
    }

    public Route {
        Objects.requireNonNull(hop);
        Objects.requireNonNull(source);
        Objects.requireNonNull(scope);
        if (metric < 0 || mtu < 0) {
            throw new IllegalArgumentException("a route's metric and MTU are not negative");
        }
        if (!destination.isV4()) {
            // What the kernel would answer, so that what is read equals what was written.
            metric = metric == 0 ? DEFAULT_V6_METRIC : metric;
            scope = Scope.UNIVERSE;
        }
    }

    public static Route device(Prefix destination, String device, int table) {
        return new Route(destination, new Hop.Device(device), table, 0, Optional.empty(), 0, Scope.LINK);
    }

    public static Route gateway(Prefix destination, IpAddress gateway, String device, int table) {
        var hop = new Hop.Gateway(gateway, device);
        return new Route(destination, hop, table, 0, Optional.empty(), 0, Scope.UNIVERSE);
    }

    public static Route unreachable(Prefix destination, int table, int metric) {
        return new Route(destination, new Hop.Unreachable(), table, metric, Optional.empty(), 0, Scope.UNIVERSE);
    }

    public Route withSource(IpAddress address) {
        return new Route(destination, hop, table, metric, Optional.of(address), mtu, scope);
    }

    public Route withMtu(int bytes) {
        return new Route(destination, hop, table, metric, source, bytes, scope);
    }

    @Override
    public String toString() {
        return destination + " " + hop + " table " + table + " metric " + metric
                + source.map(address -> " src " + address).orElse("")
                + (mtu == 0 ? "" : " mtu " + mtu);
    }
}
