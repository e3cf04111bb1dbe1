package dev.tombolo.agent.egress;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Comparator;

/** What names a row of the data path. A row comes after those that it refers to. */
public sealed interface EgressKey extends Comparable<EgressKey> {
    Comparator<EgressKey> ORDER = Comparator.comparingInt(EgressKey::stage)
            .thenComparingInt(EgressKey::number)
            .thenComparing(EgressKey::range);
    Prefix NOWHERE = Prefix.parse("0.0.0.0/32");

    /** Rows of one stage go into one map. */
    int stage();

    int number();

    Prefix range();

    @Override
    default int compareTo(EgressKey other) {
        return ORDER.compare(this, other);
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
    }
}
