package dev.tombolo.bpf.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.bpf.egress.NatUse.Destination;
import dev.tombolo.model.net.IpAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes and when, in a real map. */
class NatCollectorTest {
    private static final IpAddress POD = IpAddress.parse("10.1.0.2");
    private static final IpAddress FAR = IpAddress.parse("203.0.113.9");
    private static final IpAddress EGRESS = IpAddress.parse("198.51.100.7");
    private static final int TCP = 6;
    private static final int UDP = 17;

    private BpfObject object;
    private EgressMaps maps;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress").maxEntries("eg_nat", 64).load();
        maps = EgressMaps.of(object);
    }

    @AfterEach
    void close() {
        if (object != null) {
            object.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an answered connection,    6, 0, 4, 8000",
        "one nobody answered,       6, 0, 0, 60",
        "closed by the pod alone,   6, 1, 4, 8000",
        "closed by the server,      6, 0, 5, 8000",
        "closed by both,            6, 1, 5, 10",
        "reset by the pod,          6, 2, 4, 10",
        "reset by the server,       6, 0, 6, 10",
        "answered datagrams,       17, 0, 4, 180",
        "datagrams into the void,  17, 0, 0, 60",
        "an answered ping,          1, 0, 4, 180"
    })
    void aFlowEndsAsLongAfterItsLastPacket(String name, int protocol, int outFlags, int inFlags, int seconds)
            throws Exception {
        put(protocol, 40_000, outFlags, 0, inFlags, TimeUnit.SECONDS.toNanos(100));
        long end = TimeUnit.SECONDS.toNanos(100L + seconds);
        assertThat(collect(end)).isZero();
        assertThat(collect(end + 1)).isEqualTo(2);
        assertThat(maps.translations().count()).isZero();
    }

    @Test
    void eitherDirectionKeepsAFlow() throws Exception {
        put(UDP, 40_000, 0, TimeUnit.SECONDS.toNanos(300), EgressNat.REPLIED, 0);
        assertThat(collect(TimeUnit.SECONDS.toNanos(480))).isZero();
    }

    @Test
    void aHalfThatAStoppedProgramLeftGoesAlone() throws Exception {
        put(TCP, 40_000, 0, 0, EgressNat.REPLIED, 0);
        // The same pod and port once more, under another egress port: nothing leads to it.
        maps.translations().put(in(TCP, 50_000), half(POD, 40_000, 0, 0));
        assertThat(collect(TimeUnit.SECONDS.toNanos(5))).isZero();
        assertThat(collect(TimeUnit.SECONDS.toNanos(6))).isEqualTo(1);
        assertThat(maps.translations().entries()).containsOnlyKeys(out(TCP, 40_000), in(TCP, 40_000));
    }

    @Test
    void whatIsTooMuchForOnePassIsLeftToTheNext() throws Exception {
        for (int port = 40_000; port < 40_003; port++) {
            put(UDP, port, 0, 0, EgressNat.REPLIED, 0);
        }
        var collector =
                new NatCollector(maps.translations(), NatTimeouts.DEFAULT, () -> TimeUnit.SECONDS.toNanos(181), 2);
        int passes = 0;
        do {
            collector.collect(Set.of());
            passes++;
        } while (collector.isBehind());
        assertThat(passes).isBetween(2, 4);
        assertThat(maps.translations().count()).isZero();
    }

    @Test
    void anAddressThatMovedTakesItsFlowsAlong() throws Exception {
        put(TCP, 40_000, 0, 0, 0, 0);
        var other = new EgressTuple(POD, FAR, 41_000, 443, TCP, EgressTuple.OUT);
        maps.translations().put(other, half(IpAddress.parse("198.51.100.8"), 41_000, 0, 0));
        assertThat(collector(0).collect(Set.of(IpAddress.parse("198.51.100.8"))).ended())
                .isEqualTo(2);
        assertThat(maps.translations().entries()).containsOnlyKeys(other);
    }

    @Test
    void aHalfThatIsOldAndAloneGoesInTheEnd() throws Exception {
        maps.translations().put(in(TCP, 50_000), half(POD, 40_000, EgressNat.REPLIED, 0));
        maps.translations().put(out(UDP, 50_000), half(EGRESS, 50_000, 0, 0));
        assertThat(collect(TimeUnit.SECONDS.toNanos(179))).isZero();
        assertThat(collect(TimeUnit.SECONDS.toNanos(181))).isEqualTo(1);
        assertThat(collect(TimeUnit.SECONDS.toNanos(8_001))).isEqualTo(1);
    }

    @Test
    void aPacketThatComesDuringThePassKeepsItsFlow() throws Exception {
        put(UDP, 40_000, 0, 0, EgressNat.REPLIED, 0);
        long over = TimeUnit.SECONDS.toNanos(181);
        var looks = new AtomicInteger();
        var collector = new NatCollector(maps.translations(), NatTimeouts.DEFAULT, () -> {
            if (looks.getAndIncrement() == 1) {
                assertThatCode(() -> put(UDP, 40_000, 0, over, EgressNat.REPLIED, 0))
                        .doesNotThrowAnyException();
            }
            return over;
        });
        collector.collect(Set.of());
        assertThat(maps.translations().count()).isEqualTo(2);
    }

    @Test
    void whatStaysIsCounted() throws Exception {
        put(TCP, 40_000, 0, 0, EgressNat.REPLIED, 0);
        put(TCP, 40_001, 0, 0, EgressNat.REPLIED, 0);
        put(UDP, 40_000, 0, 0, EgressNat.REPLIED, 0);
        var elsewhere = new EgressTuple(EGRESS, IpAddress.parse("203.0.113.10"), 40_000, 443, TCP, EgressTuple.IN);
        maps.translations().put(elsewhere, new EgressNat(POD, 40_000, 0, 1, 2, 9, 0, 0, 1));
        long before = -TimeUnit.SECONDS.toNanos(11);
        put(TCP, 40_002, 0, before, EgressNat.SEEN_RST, before);

        var use = collector(0).collect(Set.of(EGRESS));

        assertThat(use.entries()).isEqualTo(7);
        assertThat(use.ended()).isEqualTo(2);
        assertThat(use.connections()).isEqualTo(Map.of(3, 3, 9, 1));
        assertThat(use.addresses()).isEqualTo(Map.of(EGRESS, new AddressUse(4, new Destination(FAR, 443, TCP), 2)));
    }

    private void put(int protocol, int port, int outFlags, long outSeen, int inFlags, long inSeen) throws Exception {
        maps.translations().put(out(protocol, port), half(EGRESS, port, outFlags, outSeen));
        maps.translations().put(in(protocol, port), half(POD, port, inFlags, inSeen));
    }

    private static EgressTuple out(int protocol, int port) {
        return new EgressTuple(POD, FAR, port, 443, protocol, EgressTuple.OUT);
    }

    private static EgressTuple in(int protocol, int port) {
        return new EgressTuple(EGRESS, FAR, port, 443, protocol, EgressTuple.IN);
    }

    private static EgressNat half(IpAddress address, int port, int flags, long seen) {
        return new EgressNat(address, port, flags, 1, 2, 3, 0, seen, 1);
    }

    private int collect(long now) throws Exception {
        return collector(now).collect(Set.of()).ended();
    }

    private NatCollector collector(long now) {
        return new NatCollector(maps.translations(), NatTimeouts.DEFAULT, () -> now);
    }
}
