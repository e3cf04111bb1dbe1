package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ports of nodes on the loopback of the node, and programs of the node that want the same ones. */
@Timeout(60)
class SocketNodePortTest {
    private static final int NODE_PORT = 30_080;
    private static final ServiceEntry TO_NOWHERE = new ServiceEntry(
            List.of(new ServiceBackend(IpAddress.parse("192.0.2.1"), 8080, 2, BackendState.ACTIVE)), false);
    private static final String PERL = """
            use Socket; use Errno; $| = 1;
            sub connects {
                socket(my $s, PF_INET, SOCK_STREAM, 0);
                connect($s, sockaddr_in(30080, inet_aton(shift))) or return "refused";
                my ($port, $peer) = sockaddr_in(getpeername($s));
                return <$s> . ", of " . inet_ntoa($peer) . ":$port";
            }
            sub binds {
                my ($protocol, $address) = @_;
                my $six = $address =~ /:/;
                socket(my $s, $six ? PF_INET6 : PF_INET, $protocol eq "TCP" ? SOCK_STREAM : SOCK_DGRAM, 0);
                my $place = Socket::inet_pton($six ? AF_INET6 : AF_INET, $address);
                return bind($s, $six ? Socket::pack_sockaddr_in6(30080, $place) : sockaddr_in(30080, $place))
                    ? "bound" : $!{EADDRINUSE} || $!{EPERM} ? "refused" : $!;
            }
            """;

    private AttachedServices kernel;

    @BeforeEach
    void attach() throws Exception {
        kernel = AttachedServices.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (kernel != null) {
            kernel.close();
        }
    }

    /** A pod's own loopback is nobody else's. */
    @Test
    void aPortOfNodesIsOnTheLoopbackOfTheNodeAlone() throws Exception {
        try (var server = AnsweringServer.start("127.0.0.3")) {
            kernel.services().put(host("127.0.0.1"), new ServiceEntry(List.of(server.backend()), false));
            assertThat(perl("print connects('127.0.0.1')")).isEqualTo("127.0.0.3, of 127.0.0.1:30080");
            assertThat(perl("print connects('127.0.0.2')")).isEqualTo("refused");
            assertThat(perl("system('ip link set lo up'); print connects('127.0.0.1')", "unshare", "--net"))
                    .isEqualTo("refused");
            assertThat(kernel.counted("FORWARDED")).isEqualTo(1);
        }
    }

    @Test
    void aPortOfNodesIsOnTheLoopbackOfIpv6Too() throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getByName("::1"))) {
            var place = new ServiceBackend(IpAddress.parse("::1"), server.getLocalPort(), 1, BackendState.ACTIVE);
            kernel.services().put(host("::1"), new ServiceEntry(List.of(place), false));
            try (var client = new Socket("::1", NODE_PORT);
                    var accepted = server.accept()) {
                assertThat(accepted.isConnected() && client.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "TCP, 0.0.0.0, refused",
        "TCP, 127.0.0.1, refused",
        "TCP, ::, refused",
        "TCP, 127.0.0.5, refused",
        "TCP, 127.0.0.2, bound",
        "TCP, ::1, bound",
        "UDP, 0.0.0.0, bound"
    })
    void aPortOfNodesIsNotBoundWhereItIsServed(String protocol, String address, String outcome) throws Exception {
        kernel.services().put(host("127.0.0.1"), TO_NOWHERE);
        var ofNode = new ServiceKey(IpAddress.parse("127.0.0.5"), NODE_PORT, Protocol.TCP);
        kernel.services().put(ofNode, new ServiceEntry(TO_NOWHERE.backends(), true, Clients.of(Reach.NODE_PORT)));
        var bind = "print binds('%s', '%s')".formatted(protocol, address);
        assertThat(perl(bind)).isEqualTo(outcome);
        assertThat(kernel.counted("DROP_PORT_SERVED")).isEqualTo(outcome.equals("bound") ? 0 : 1);
        assertThat(perl("system('ip link set lo up'); " + bind, "unshare", "--net"))
                .as("in a pod")
                .isEqualTo("bound");
        kernel.services().remove(host("127.0.0.1"));
        assertThat(perl(bind)).as("beside kube-proxy").isEqualTo("bound");
    }

    private static ServiceKey host(String address) {
        return new ServiceKey(IpAddress.parse(address), NODE_PORT, Protocol.TCP, ServiceScope.HOST);
    }

    /** What a program of another process prints, which may be started by another one. */
    private static String perl(String program, String... by) throws IOException {
        var command = new java.util.ArrayList<>(List.of(by));
        command.addAll(List.of("perl", "-e", PERL + program));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes());
    }
}
