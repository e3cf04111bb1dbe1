package dev.tombolo.bpf.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.ArrayIndex;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes and when, in a real map. */
class ConnectionCollectorTest {
    private static final IpAddress CLIENT = IpAddress.parse("203.0.113.9");
    private static final IpAddress SERVICE = IpAddress.parse("192.0.2.10");
    private static final IpAddress BACKEND = IpAddress.parse("10.1.0.2");
    private static final int TCP = 6;
    private static final int UDP = 17;

    private BpfObject object;
    private BpfMap<ServiceTuple, ServiceTranslation> connections;
    private BpfMap<ArrayIndex, ServiceRoom> room;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("packet_lb").maxEntries("lb_nat", 64).load();
        connections = object.map("lb_nat", ServiceTuple.class, ServiceTranslation.class);
        room = object.array("lb_room", ServiceRoom.class);
    }

    @AfterEach
    void close() {
        if (object != null) {
            object.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an answered connection,     6, 4, 4, 8000",
        "one the client left so,     6, 0, 4, 60",
        "one nobody answered,        6, 0, 0, 60",
        "closed by the client alone, 6, 5, 4, 8000",
        "closed by both,             6, 1, 5, 10",
        "reset by the client,        6, 2, 4, 10",
        "reset by the backend,       6, 0, 6, 10",
        "answered datagrams,        17, 4, 4, 180",
        "one question and answer,   17, 0, 4, 60",
        "questions into the void,   17, 4, 0, 60",
        "datagrams into the void,   17, 0, 0, 60",
    })
    void aConnectionEndsAsLongAfterItsLastPacket(String name, int protocol, int toFlags, int fromFlags, int seconds)
            throws Exception {
        connections.put(to(protocol), half(BACKEND, 8080, toFlags, 0));
        connections.put(from(protocol), half(SERVICE, 80, fromFlags, TimeUnit.SECONDS.toNanos(100)));
        long end = TimeUnit.SECONDS.toNanos(100L + seconds);
        assertThat(collect(end)).isZero();
        assertThat(collect(end + 1)).isEqualTo(2);
        assertThat(connections.count()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "its client went on,     6, 20, 8000",
        "its client did not,     6, 16, 60",
        "closed by the client,   6, 21, 8000",
        "reset by the client,    6, 22, 10",
        "datagrams,             17, 20, 180",
        "one datagram,          17, 16, 60",
    })
    void whatIsHandedOnHasOneHalf(String name, int protocol, int flags, int seconds) throws Exception {
        connections.put(to(protocol), half(BACKEND, 8080, flags, 0));
        long end = TimeUnit.SECONDS.toNanos(seconds);
        assertThat(collect(end)).isZero();
        assertThat(collect(end + 1)).isEqualTo(1);
    }

    @Test
    void eitherDirectionKeepsAConnection() throws Exception {
        connections.put(to(UDP), half(BACKEND, 8080, ServiceTranslation.REPLIED, TimeUnit.SECONDS.toNanos(300)));
        connections.put(from(UDP), half(SERVICE, 80, ServiceTranslation.REPLIED, 0));
        assertThat(collect(TimeUnit.SECONDS.toNanos(480))).isZero();
    }

    @Test
    void aHalfThatAStoppedProgramLeftGoesSoon() throws Exception {
        connections.put(from(TCP), half(SERVICE, 80, 0, 0));
        assertThat(collect(TimeUnit.SECONDS.toNanos(5))).isZero();
        assertThat(collect(TimeUnit.SECONDS.toNanos(6))).isEqualTo(1);
    }

    /** The client's port leads to another backend by now: that connection's way back stays. */
    @Test
    void aHalfThatIsNobodysTakesNoOtherAlong() throws Exception {
        connections.put(to(TCP), half(IpAddress.parse("10.1.0.3"), 8080, 0, TimeUnit.SECONDS.toNanos(29)));
        connections.put(from(TCP), half(SERVICE, 80, ServiceTranslation.REPLIED, 0));
        var next = new ServiceTuple(IpAddress.parse("10.1.0.3"), CLIENT, 8080, 4000, TCP, ServiceTuple.FROM_BACKEND);
        connections.put(next, half(SERVICE, 80, ServiceTranslation.REPLIED, TimeUnit.SECONDS.toNanos(29)));
        assertThat(collect(TimeUnit.SECONDS.toNanos(30))).isEqualTo(1);
        assertThat(connections.lookup(to(TCP))).isPresent();
        assertThat(connections.lookup(next)).isPresent();
    }

    @Test
    void aPassCountsConnectionsByService() throws Exception {
        connections.put(to(TCP), half(BACKEND, 8080, 0, 0));
        connections.put(from(TCP), half(SERVICE, 80, 0, 0));
        connections.put(to(UDP), half(BACKEND, 8080, 0, 0));
        var second = new ServiceTuple(SERVICE, CLIENT, 80, 4001, TCP, ServiceTuple.TO_SERVICE);
        connections.put(second, half(BACKEND, 8080, 0, 0));
        var collector = collector(() -> 0);
        collector.collect();
        assertThat(collector.counted())
                .isEqualTo(Map.of(
                        new ServiceKey(SERVICE, 80, Protocol.TCP), 2, new ServiceKey(SERVICE, 80, Protocol.UDP), 1));
    }

    /** Each row: what there is, and what an agent that was away finds that the programs have made of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing,               6,  -, 0, 32",
        "one unanswered,        6,  0, 2, 32",
        "one answered,          6,  4, 0, 31",
        "handed on unanswered,  6, 16, 1, 32",
        "handed on answered,   17, 20, 0, 31",
    })
    void aPassSetsTheCountOfUnansweredAndTheirLimit(String name, int protocol, String flags, int count, int limit)
            throws Exception {
        room.put(ArrayIndex.ONLY, new ServiceRoom(-7, 5));
        if (!flags.equals("-")) {
            connections.put(to(protocol), half(BACKEND, 8080, Integer.parseInt(flags), 0));
            connections.put(from(protocol), half(SERVICE, 80, ServiceTranslation.REPLIED, 0));
        }
        collect(0);
        assertThat(room.lookup(ArrayIndex.ONLY)).contains(new ServiceRoom(count, limit));
    }

    @Test
    void whatAPassEndsIsNotCounted() throws Exception {
        connections.put(to(TCP), half(BACKEND, 8080, 0, 0));
        connections.put(from(TCP), half(SERVICE, 80, 0, 0));
        collect(TimeUnit.SECONDS.toNanos(61));
        assertThat(room.lookup(ArrayIndex.ONLY)).contains(new ServiceRoom(0, 32));
    }

    /** The clock is asked again for what may end: by then the programs have counted others. */
    @Test
    void whatTheProgramsCountMeanwhileIsNotLost() throws Exception {
        connections.put(to(TCP), half(BACKEND, 8080, 0, 0));
        connections.put(from(TCP), half(SERVICE, 80, 0, 0));
        room.put(ArrayIndex.ONLY, new ServiceRoom(2, 32));
        var asked = new AtomicInteger();
        collector(() -> {
                    if (asked.getAndIncrement() == 1) {
                        room.put(ArrayIndex.ONLY, new ServiceRoom(2 + 6, 32));
                    }
                    return TimeUnit.SECONDS.toNanos(61);
                })
                .collect();
        assertThat(room.lookup(ArrayIndex.ONLY)).contains(new ServiceRoom(6, 32));
    }

    /** Many that are idle do not keep a pass from those behind them. */
    @Test
    void passesEndWhatIsOverBesideAnyNumberThatIsNot() throws Exception {
        for (int port = 1; port <= 20; port++) {
            boolean over = port % 4 == 0;
            var key = new ServiceTuple(SERVICE, CLIENT, 80, port, TCP, ServiceTuple.TO_SERVICE);
            int flags = ServiceTranslation.HANDED_ON | (over ? 0 : ServiceTranslation.REPLIED);
            connections.put(key, half(BACKEND, 8080, flags, 0));
        }
        long now = TimeUnit.SECONDS.toNanos(61);
        var collector = new ConnectionCollector(connections, room, NatTimeouts.DEFAULT, () -> now, 3);
        assertThat(collector.collect()).isEqualTo(3);
        assertThat(collector.isBehind()).isTrue();
        assertThat(collector.collect()).isEqualTo(2);
        assertThat(collector.isBehind()).isFalse();
    }

    private int collect(long now) throws Exception {
        return collector(() -> now).collect();
    }

    private interface Clock {
        long nanos() throws Exception;
    }

    private ConnectionCollector collector(Clock clock) {
        return new ConnectionCollector(connections, room, NatTimeouts.DEFAULT, () -> {
            try {
                return clock.nanos();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private static ServiceTuple to(int protocol) {
        return new ServiceTuple(SERVICE, CLIENT, 80, 4000, protocol, ServiceTuple.TO_SERVICE);
    }

    private static ServiceTuple from(int protocol) {
        return new ServiceTuple(BACKEND, CLIENT, 8080, 4000, protocol, ServiceTuple.FROM_BACKEND);
    }

    private static ServiceTranslation half(IpAddress address, int port, int flags, long lastSeen) {
        return new ServiceTranslation(address, port, 4000, flags, 0, 1, 1, 0, lastSeen);
    }
}
