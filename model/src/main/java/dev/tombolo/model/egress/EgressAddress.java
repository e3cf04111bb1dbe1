package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;

/** Which address of a gateway its pods appear under outside. */
public sealed interface EgressAddress {
    /** This one, whichever node holds it. */
    record Fixed(IpAddress address) implements EgressAddress {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** The first address of a device, of the family of the destination. */
    record OfInterface(String name) implements EgressAddress {
        @Override
        public String toString() {
            return "interface " + name;
        }
    }

    /** The first address of the device that has the default route. */
    record OfDefaultRoute() implements EgressAddress {
        @Override
        public String toString() {
            return "default route";
        }
    }
}
