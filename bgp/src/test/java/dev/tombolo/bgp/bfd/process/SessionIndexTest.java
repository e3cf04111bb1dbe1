package dev.tombolo.bgp.bfd.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.process.Arrival.Port;
import dev.tombolo.bgp.bfd.process.SessionIndex.Found;
import dev.tombolo.bgp.bfd.protocol.BfdPacket;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Drop;
import dev.tombolo.bgp.bfd.protocol.Moment;
import dev.tombolo.bgp.bfd.protocol.SessionMachine;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which session a packet is for, and that no way leads around the check of the TTL. */
class SessionIndexTest {
    private static final Map<String, Integer> DEVICES = Map.of("v1", 1, "v2", 2);

    private final SessionIndex index = new SessionIndex(name -> DEVICES.getOrDefault(name, -19));

    @BeforeEach
    void fill() {
        add(1, new BfdPath(ip("192.0.2.2"), ip("192.0.2.1"), Optional.empty(), Reach.DIRECT));
        add(2, new BfdPath(ip("192.0.2.2"), ip("192.0.2.1"), Optional.empty(), Reach.MULTIHOP));
        add(3, new BfdPath(ip("fe80::2"), ip("fe80::1"), Optional.of("v1"), Reach.DIRECT));
        add(4, new BfdPath(ip("fe80::2"), ip("fe80::1"), Optional.of("v2"), Reach.DIRECT));
        add(5, new BfdPath(ip("fe80::2"), ip("fe80::1"), Optional.of("absent"), Reach.DIRECT));
    }

    @ParameterizedTest
    @CsvSource({
        // your discriminator, port, source, destination, ifindex, TTL, session or reason
        "0, DIRECT,   192.0.2.2,   192.0.2.1, 1, 255, 1",
        "0, MULTIHOP, 192.0.2.2,   192.0.2.1, 1, 64,  2",
        "0, DIRECT,   fe80::2,     fe80::1,   1, 255, 3",
        "0, DIRECT,   fe80::2,     fe80::1,   2, 255, 4",
        "0, DIRECT,   fe80::2,     fe80::1,   3, 255, UNKNOWN_PEER",
        "0, DIRECT,   192.0.2.9,   192.0.2.1, 1, 255, UNKNOWN_PEER",
        "0, DIRECT,   192.0.2.2,   192.0.2.7, 1, 255, UNKNOWN_PEER",
        "0, DIRECT,   192.0.2.2,   192.0.2.1, 1, 254, WRONG_TTL",
        "0, DIRECT,   192.0.2.2,   192.0.2.1, 1, -1,  WRONG_TTL",
        "1, DIRECT,   203.0.113.9, 192.0.2.1, 9, 255, 1",
        "1, DIRECT,   192.0.2.2,   192.0.2.1, 1, 254, WRONG_TTL",
        "1, MULTIHOP, 192.0.2.2,   192.0.2.1, 1, 255, UNKNOWN_DISCRIMINATOR",
        "2, DIRECT,   192.0.2.2,   192.0.2.1, 1, 255, UNKNOWN_DISCRIMINATOR",
        "9, DIRECT,   192.0.2.2,   192.0.2.1, 1, 255, UNKNOWN_DISCRIMINATOR"
    })
    void finds(int your, Port port, String source, String destination, int ifindex, int ttl, String expected) {
        var arrival = new Arrival(port, ip(source), ip(destination), ifindex, ttl, ByteBuffer.allocate(0));
        var found = switch (index.find(arrival, packetTo(your))) {
            case Found.Session(var live) -> String.valueOf(live.session().discriminator());
            case Found.Nobody(Drop reason) -> reason.name();
        };
        assertThat(found).isEqualTo(expected);
    }

    /** Passive, so that nothing is sent. */
    private void add(int discriminator, BfdPath path) {
        var settings = new SessionSettings(Duration.ofMillis(300), Duration.ofMillis(300), 3, Role.PASSIVE);
        var start = SessionMachine.start(discriminator, settings, new Moment(0), 0);
        var sender = new Sender(path, 0, new Random(1));
        index.add(new LiveSession(path, sender, Standing.HEARD, start, Instant.EPOCH));
    }

    private static BfdPacket packetTo(int discriminator) {
        var interval = Duration.ofMillis(300);
        return new BfdPacket(
                SessionState.DOWN, Diagnostic.NONE, Set.of(), 3, 77, discriminator, interval, interval, Duration.ZERO);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
