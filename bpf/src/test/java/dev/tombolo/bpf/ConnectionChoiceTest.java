package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.view.Audience;
import dev.tombolo.model.service.view.BackendView;
import dev.tombolo.model.service.view.BackendView.State;
import dev.tombolo.model.service.view.ConnectionChoice;
import dev.tombolo.model.service.view.FrontendView;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a connection's backend, beside what the program does with its first packet. */
class ConnectionChoiceTest {
    private static final int PORTS = 200;
    private static final String[] V4 = IntStream.range(1, 33)
            .mapToObj(n -> "10.1.0." + n + ":" + (8_000 + n))
            .toArray(String[]::new);
    private static final String[] V6 = IntStream.range(1, 9)
            .mapToObj(n -> "2001:db8:1::" + n + "#" + (8_000 + n))
            .toArray(String[]::new);

    private OutsideObject kernel;

    @BeforeEach
    void load() throws Exception {
        kernel = new OutsideObject(4_096);
    }

    @AfterEach
    void close() {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void aConnectionGetsTheFirst() throws Exception {
        kernel.service("192.0.2.10:80", Protocol.TCP, Reach.OUTSIDE, V4);
        for (int port = 40_000; port < 40_000 + PORTS; port++) {
            String client = "203.0.113.9:" + port;
            assertThat(program("tcp " + client + " > 192.0.2.10:80 flags=2"))
                    .as(client)
                    .isEqualTo(told("192.0.2.10:80", Protocol.TCP, false, client, V4));
        }
    }

    @Test
    void soDoesADatagramByIpv6() throws Exception {
        kernel.service("2001:db8::10#53", Protocol.UDP, Reach.OUTSIDE, V6);
        for (int port = 40_000; port < 40_000 + PORTS; port++) {
            assertThat(program("udp 2001:db8:9::7#" + port + " > 2001:db8::10#53"))
                    .as("port %d", port)
                    .isEqualTo(told("[2001:db8::10]:53", Protocol.UDP, false, "[2001:db8:9::7]:" + port, V6));
        }
    }

    @Test
    void allConnectionsOfAClientGetTheSame() throws Exception {
        kernel.together("192.0.2.10:80", V4);
        for (int host = 1; host <= PORTS; host++) {
            String client = "203.0.113." + host;
            assertThat(program("tcp " + client + ":41000 > 192.0.2.10:80 flags=2"))
                    .as(client)
                    .isEqualTo(told("192.0.2.10:80", Protocol.TCP, true, client + ":0", V4));
        }
    }

    /** Who comes next is who gets it without the first. */
    @Test
    void theNextOneFollows() throws Exception {
        var order = ConnectionChoice.order(
                frontend("192.0.2.10:80", Protocol.TCP, false, V4), SocketEndpoint.parse("203.0.113.9:40000"));
        String first = order.getFirst().endpoint().toString();
        kernel.service(
                "192.0.2.10:80",
                Protocol.TCP,
                Reach.OUTSIDE,
                Arrays.stream(V4).filter(backend -> !backend.equals(first)).toArray(String[]::new));
        assertThat(program("tcp 203.0.113.9:40000 > 192.0.2.10:80 flags=2"))
                .isEqualTo(order.get(1).endpoint());
    }

    @Test
    void whatATableChoosesIsNotTold() {
        var more = IntStream.range(1, 34).mapToObj(n -> "10.1.0." + n + ":80").toArray(String[]::new);
        var client = SocketEndpoint.parse("203.0.113.9:40000");
        assertThat(ConnectionChoice.order(frontend("192.0.2.10:80", Protocol.TCP, false, more), client))
                .isEmpty();
        assertThat(ConnectionChoice.order(
                        frontend("192.0.2.10:80", Protocol.TCP, false, V4), SocketEndpoint.parse("203.0.113.9:0")))
                .isEmpty();
    }

    private SocketEndpoint program(String packet) throws Exception {
        var run = kernel.in(packet);
        String to = Frame.text(run.packet()).split(" ")[3];
        return endpoint(to);
    }

    private static SocketEndpoint told(
            String service, Protocol protocol, boolean byClient, String client, String... backends) {
        return ConnectionChoice.order(frontend(service, protocol, byClient, backends), SocketEndpoint.parse(client))
                .getFirst()
                .endpoint();
    }

    private static FrontendView frontend(String service, Protocol protocol, boolean byClient, String... backends) {
        return new FrontendView(
                SocketEndpoint.parse(service),
                protocol,
                "",
                FrontendView.Kind.LOAD_BALANCER,
                new Audience(true, true, false, Optional.empty(), byClient, false),
                "",
                Arrays.stream(backends).map(ConnectionChoiceTest::view).toList());
    }

    private static BackendView view(String backend) {
        return new BackendView(endpoint(backend), "west", "n1", "", State.ACTIVE, "", 1, 0);
    }

    /** Of IPv6 packets and rows are written with a hash sign. */
    private static SocketEndpoint endpoint(String text) {
        int hash = text.indexOf('#');
        return SocketEndpoint.parse(hash < 0 ? text : "[" + text.substring(0, hash) + "]:" + text.substring(hash + 1));
    }
}
