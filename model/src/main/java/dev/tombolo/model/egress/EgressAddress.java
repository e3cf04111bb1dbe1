package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;

/** Which address of a gateway its pods appear under outside. */
public sealed interface EgressAddress {
    /** Whether one node at a time has it. */
    default boolean isInOnePlace() {
        return this instanceof Fixed || this instanceof OfPool;
    }

    /** This one, whichever node holds it. */
    record Fixed(IpAddress address) implements EgressAddress {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** One that is assigned from a pool; what is carried out has it in the place of this. */
    record OfPool(String pool) implements EgressAddress {
        @Override
        public String toString() {
            return "pool " + pool;
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
