package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a route sends packets. */
public sealed interface Hop {
    /** The devices that packets may leave by; none where they leave by none. */
    default Stream<String> devices() {
        return switch (this) {
            case Device(var device) -> Stream.of(device);
            case Gateway(var _, var device) -> Stream.of(device);
            case Multipath(var paths) -> paths.stream().flatMap(Hop::devices);
            case Unreachable _, Other _ -> Stream.empty();
        };
    }

    /** Straight into a device. */
    record Device(String name) implements Hop {
        @Override
        public String toString() {
            return "dev " + name;
        }
    }

    /** To a router on a device's network. */
    record Gateway(IpAddress address, String device) implements Hop {
        @Override
        public String toString() {
            return "via " + address + " dev " + device;
        }
    }

    /** By one of several ways, which the kernel shares flows out to; only shown, like {@link Other}. */
    record Multipath(List<Hop> paths) implements Hop {
        public Multipath {
            paths = List.copyOf(paths);
        }

        @Override
        public String toString() {
            return paths.stream().map(path -> "nexthop " + path).collect(Collectors.joining(" "));
        }
    }

    /** Nowhere: the sender is told that the destination can't be reached. */
    record Unreachable() implements Hop {
        @Override
        public String toString() {
            return "unreachable";
        }
    }

    /** A route that others made and this module only shows: local, broadcast, blackhole. */
    record Other(int type) implements Hop {
        @Override
        public String toString() {
            return "route type " + type;
        }
    }
}
