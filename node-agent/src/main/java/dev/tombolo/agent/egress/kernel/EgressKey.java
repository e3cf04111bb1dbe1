package dev.tombolo.agent.egress.kernel;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** What names a row of the data path. A row comes after those that it refers to. */
public sealed interface EgressKey extends Comparable<EgressKey> {
    Prefix NOWHERE = Prefix.parse("0.0.0.0/32");

    /** Rows of one stage go into one map. */
    int stage();

    int number();

    Prefix range();

    /** By stage, number and range. There are very many sources, so their ranges are not made for it. */
    @Override
    default int compareTo(EgressKey other) {
        if (this instanceof Source one && other instanceof Source another) {
            return one.address().compareTo(another.address());
        }
        int byStage = Integer.compare(stage(), other.stage());
        int order = byStage != 0 ? byStage : Integer.compare(number(), other.number());
        return order != 0 ? order : range().compareTo(other.range());
    }

    /** How a gateway is reached. */
    record Gateway(int number) implements EgressKey {
        @Override
        public int stage() {
            return 0;
        }

        @Override
        public Prefix range() {
            return NOWHERE;
        }
    }

    /** What a group's flows get here. */
    record Address(int number, boolean v4) implements EgressKey {
        private static final Prefix V6 = Prefix.parse("::/128");

        @Override
        public int stage() {
            return 1;
        }

        @Override
        public Prefix range() {
            return v4 ? NOWHERE : V6;
        }
    }

    /** A range that is never steered. */
    record Internal(Prefix range) implements EgressKey {
        @Override
        public int stage() {
            return 2;
        }

        @Override
        public int number() {
            return 0;
        }
    }

    /** The gateways of a group. */
    record Group(int number) implements EgressKey {
        @Override
        public int stage() {
            return 3;
        }

        @Override
        public Prefix range() {
            return NOWHERE;
        }
    }

    /** What a policy's pods may send. */
    record Rate(int number) implements EgressKey {
        @Override
        public int stage() {
            return 4;
        }

        @Override
        public Prefix range() {
            return NOWHERE;
        }
    }

    /** What becomes of a set's destination. */
    record Rule(int number, Prefix range) implements EgressKey {
        @Override
        public int stage() {
            return 5;
        }
    }

    /** The set of a pod. */
    record Source(IpAddress address) implements EgressKey {
        @Override
        public int stage() {
            return 6;
        }

        @Override
        public int number() {
            return 0;
        }

        @Override
        public Prefix range() {
            return Prefix.host(address);
        }

        /** By hand, as that of an address is. */
        @Override
        public int hashCode() {
            return address.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Source that && address.equals(that.address);
        }
    }
}
