package dev.tombolo.model.bgp;

import java.util.Comparator;

/** A mark on a route that routers act by. */
public sealed interface Community extends Comparable<Community> {
    /** "Take another way if there is one, this one is about to go" (RFC 8326). */
    Community GRACEFUL_SHUTDOWN = new Standard(0xffff, 0);

    Comparator<Community> ORDER =
            Comparator.comparing((Community c) -> c instanceof Large).thenComparing(Community::numbers);

    /** Of two halves (RFC 1997), each 0–65535. */
    record Standard(int high, int low) implements Community {
        public Standard {
            within(high, 0xffff);
            within(low, 0xffff);
        }

        @Override
        public String toString() {
            return high + ":" + low;
        }
    }

    /** Of three numbers (RFC 8092), each 0–4294967295. */
    record Large(long administrator, long first, long second) implements Community {
        public Large {
            within(administrator, Asn.LARGEST);
            within(first, Asn.LARGEST);
            within(second, Asn.LARGEST);
        }

        @Override
        public String toString() {
            return administrator + ":" + first + ":" + second;
        }
    }

    @Override
    default int compareTo(Community other) {
        return ORDER.compare(this, other);
    }

    private String numbers() {
        return switch (this) {
            case Standard s -> "%05d:%05d".formatted(s.high, s.low);
            case Large l -> "%010d:%010d:%010d".formatted(l.administrator, l.first, l.second);
        };
    }

    private static void within(long number, long most) {
        if (number < 0 || number > most) {
            throw new IllegalArgumentException("community: " + number + " is not within 0–" + most);
        }
    }
}
