package dev.tombolo.agent.egress.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.netlink.TrackedConnection;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaleConnectionPlanTest {
    private static final Set<IpAddress> NODES = Set.of(IpAddress.parse("10.1.0.1"), IpAddress.parse("192.0.2.1"));

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "masqueraded before its policy came,   10.1.0.2,  192.0.2.1, 17, 0x0,    STEERED,     STEERED_NOW",
        "the same by TCP,                      10.1.0.2,  192.0.2.1, 6,  0x0,    STEERED,     STEERED_NOW",
        "with a bit of somebody else's,        10.1.0.2,  192.0.2.1, 17, 0x2000, STEERED,     STEERED_NOW",
        "live and steered,                     10.1.0.2,  10.1.0.2,  17, 0x1000, STEERED,     ",
        "the same by TCP,                      10.1.0.2,  10.1.0.2,  6,  0x1000, STEERED,     ",
        "the same and its mark was taken,      10.1.0.2,  10.1.0.2,  17, 0x0,    STEERED,     ",
        "steered and translated once more,     10.1.0.2,  192.0.2.1, 17, 0x1000, STEERED,     ",
        "of a CNI that does not masquerade,    10.1.0.2,  10.1.0.2,  17, 0x0,    NOT_STEERED, ",
        "masqueraded and never steered,        10.1.0.2,  192.0.2.1, 17, 0x0,    NOT_STEERED, ",
        "steered until its policy went,        10.1.0.2,  10.1.0.2,  17, 0x1000, NOT_STEERED, STEERED_NO_MORE",
        "the same with more bits,              10.1.0.2,  10.1.0.2,  1,  0x9003, NOT_STEERED, STEERED_NO_MORE",
        "the same by TCP which is reset,       10.1.0.2,  10.1.0.2,  6,  0x1000, NOT_STEERED, ",
        "of a pod that is held,                10.1.0.2,  10.1.0.2,  17, 0x1000, HELD,        ",
        "of one that is held and masqueraded,  10.1.0.2,  192.0.2.1, 17, 0x0,    HELD,        ",
        "of the node with its own mark,        192.0.2.1, 192.0.2.1, 17, 0x1000, NOT_STEERED, ",
        "of the node in whatever row,          10.1.0.1,  192.0.2.1, 17, 0x0,    STEERED,     ",
    })
    void onlyWhatContradictsTheDataPathIsStale(
            String name, String source, String answered, int protocol, String mark, Fate fate, Staleness expected) {
        var connection = new TrackedConnection(
                SocketEndpoint.parse(source + ":4000"),
                SocketEndpoint.parse("198.51.100.7:443"),
                IpAddress.parse(answered),
                protocol,
                Integer.decode(mark),
                1,
                ByteBuffer.allocate(4));
        assertThat(StaleConnectionPlan.staleness(connection, NODES, fate)).isEqualTo(Optional.ofNullable(expected));
    }
}
