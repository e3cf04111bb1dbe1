package dev.tombolo.bpf.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DestinationTallyTest {
    private final Random random = new Random(7);
    private final DestinationTally tally = new DestinationTally(random);

    /** Also where the arrays grow and shrink meanwhile. */
    @Test
    void countsAsAMapWould() {
        for (int entries : new int[] {20_000, 10, 10, 10, 10, 10, 30_000}) {
            tally.clear();
            var counts = new HashMap<EgressTuple, Integer>();
            for (int i = 0; i < entries; i++) {
                var tuple = tuple(random.nextInt(1 + entries / 3));
                assertThat(tally.add(tuple)).isEqualTo(counts.merge(tuple, 1, Integer::sum));
            }
        }
    }

    /** Each differs from the first in one part. */
    @Test
    void whatDiffersInAnyPartIsAnotherDestination() {
        var near = IpAddress.parse("198.51.100.7");
        var far = IpAddress.parse("2001:db8::1");
        assertThat(tally.add(in(near, far, 443, 6))).isEqualTo(1);
        assertThat(tally.add(in(IpAddress.parse("198.51.100.8"), far, 443, 6))).isEqualTo(1);
        assertThat(tally.add(in(near, IpAddress.parse("2001:db8::2"), 443, 6))).isEqualTo(1);
        assertThat(tally.add(in(near, IpAddress.parse("2001:db9::1"), 443, 6))).isEqualTo(1);
        assertThat(tally.add(in(near, far, 444, 6))).isEqualTo(1);
        assertThat(tally.add(in(near, far, 443, 17))).isEqualTo(1);
        assertThat(tally.add(in(near, far, 443, 6))).isEqualTo(2);
    }

    private static EgressTuple tuple(int number) {
        return in(
                IpAddress.parse("198.51.100." + number % 3),
                IpAddress.parse("203.0.113." + number % 250),
                number % 50_000,
                number % 2 == 0 ? 6 : 17);
    }

    private static EgressTuple in(IpAddress near, IpAddress far, int port, int protocol) {
        return new EgressTuple(near, far, 40_000, port, protocol, EgressTuple.IN);
    }
}
