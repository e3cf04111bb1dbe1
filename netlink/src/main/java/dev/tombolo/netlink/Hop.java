package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;

/** Where a route sends packets. */
public sealed interface Hop {
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

    /** Nowhere: the sender is told that the destination can't be reached. */
    record Unreachable() implements Hop {
        @Override
        public String toString() {
            return "unreachable";
        }
    }

    /** A route that others made and this module only shows: local, broadcast, blackhole, several paths. */
    record Other(int type) implements Hop {
        @Override
        public String toString() {
            return "route type " + type;
        }
    }
}
