package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version whose backends have another struct takes over from this one and hands back, while processes connect. */
@Timeout(120)
class VersionTurnsTest {
    private static final Layout NEXT = new Layout(2, "META-INF/bpf-next");
    private static final String VIP = "127.77.0.2";
    private static final ServiceKey TCP = new ServiceKey(IpAddress.parse(VIP), 80, Protocol.TCP);
    private static final ServiceKey FIRST_UDP = new ServiceKey(IpAddress.parse(VIP), 53, Protocol.UDP);
    private static final ServiceKey SECOND_UDP = new ServiceKey(IpAddress.parse(VIP), 54, Protocol.UDP);
    private static final int A_GOOD_MANY = 300;

    private Path bpffs;
    private PrivateCgroup cgroup;
    private Datapath datapath;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        cgroup = new PrivateCgroup();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (cgroup == null) {
            return;
        }
        if (datapath != null) {
            datapath.close();
        }
        Datapath.removeAll(bpffs);
        new ProcessBuilder("umount", bpffs.toString()).start().waitFor();
        cgroup.close();
        Files.deleteIfExists(bpffs);
    }

    @Test
    void nothingIsLostWhenVersionsWithOtherStructsTakeTurns() throws Exception {
        try (var one = new NamedServer("127.0.0.1");
                var two = new NamedServer("127.0.0.2");
                var near = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var far = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"));
                var client = new DatagramSocket(new InetSocketAddress("0.0.0.0", 0))) {
            var rows = new LinkedHashMap<ServiceKey, ServiceEntry>();
            rows.put(TCP, entry(one.backend(), two.backend()));
            rows.put(FIRST_UDP, entry(backend(near)));
            rows.put(SECOND_UDP, entry(backend(far)));
            turn(Layout.CURRENT, rows);
            try (var load = new ConnectLoad(VIP, 80);
                    var open = new OpenConnection(VIP, 80)) {
                load.awaitMore(A_GOOD_MANY);
                var firstAnswer = ask(client, 53, near);
                var secondAnswer = ask(client, 54, far);

                // In another order, so that the rows get other ids than before.
                var reversed = new LinkedHashMap<ServiceKey, ServiceEntry>();
                List.copyOf(rows.sequencedKeySet().reversed()).forEach(key -> reversed.put(key, rows.get(key)));
                turn(NEXT, reversed);
                assertThat(datapath.freshMaps()).containsExactly("svc_backend", "svc_fe", "svc_slot");
                load.awaitMore(A_GOOD_MANY);
                assertThat(open.peer()).isEqualTo(VIP + ":80");
                assertThat(answer(client, far, secondAnswer)).isEqualTo(54);
                assertThat(answer(client, near, firstAnswer)).isEqualTo(53);
                servesByItsOwnMaps(two);

                turn(Layout.CURRENT, rows);
                load.awaitMore(A_GOOD_MANY);
                assertThat(open.peer()).isEqualTo(VIP + ":80");
                assertThat(answer(client, near, firstAnswer)).isEqualTo(53);
                assertThat(answer(client, far, secondAnswer)).isEqualTo(54);
                assertThat(load.failures()).isEmpty();
            }
            datapath.services().remove(TCP);
            assertThatThrownBy(() -> ConnectLoad.dial(VIP, 80)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLargerMapOfBackendsIsFilledBeforeItIsUsed() throws Exception {
        try (var one = new NamedServer("127.0.0.1");
                var two = new NamedServer("127.0.0.2")) {
            turn(Layout.CURRENT, Map.of(TCP, entry(one.backend())));
            try (var load = new ConnectLoad(VIP, 80)) {
                load.awaitMore(A_GOOD_MANY);
                datapath.close();
                datapath = Datapath.open(options(Map.of("svc_backend", 500)), Layout.CURRENT);
                assertThat(datapath.freshMaps()).isEmpty();
                datapath.services().put(TCP, entry(two.backend()));
                load.awaitMore(A_GOOD_MANY);
                datapath.attachServices();
                load.awaitMore(A_GOOD_MANY);
                assertThat(ConnectLoad.dial(VIP, 80)).isEqualTo("127.0.0.2");
                assertThat(load.failures()).isEmpty();
            }
        }
    }

    /** What an agent does when it starts: open, fill, attach, and only then remove what the other version left. */
    private void turn(Layout layout, Map<ServiceKey, ServiceEntry> rows) throws IOException {
        boolean first = datapath == null;
        if (!first) {
            datapath.close();
        }
        datapath = Datapath.open(options(Map.of()), layout);
        assertThat(datapath.servedByOthers()).isEqualTo(!first);
        for (var row : rows.entrySet()) {
            datapath.services().put(row.getKey(), row.getValue());
        }
        assertThat(datapath.services().observe()).isEqualTo(rows);
        datapath.attachServices();
        datapath.removeOtherVersions();
        assertThat(bpffs.resolve("tombolo")).isDirectoryContaining(path -> path.endsWith("v" + layout.version()));
        assertThat(bpffs.resolve("tombolo").toFile().list()).hasSize(1);
    }

    private void servesByItsOwnMaps(NamedServer only) throws IOException {
        var both = datapath.services().observe().get(TCP);
        datapath.services().put(TCP, entry(only.backend()));
        for (int i = 0; i < 16; i++) {
            assertThat(ConnectLoad.dial(VIP, 80)).isEqualTo(only.name());
        }
        datapath.services().put(TCP, both);
    }

    private DatapathOptions options(Map<String, Integer> sizes) {
        return new DatapathOptions(bpffs, cgroup.path(), sizes);
    }

    /** Sends to the service; returns the datagram that its backend got, to be answered whenever. */
    private static DatagramPacket ask(DatagramSocket client, int port, DatagramSocket backend) throws IOException {
        client.send(new DatagramPacket(new byte[] {7}, 1, new InetSocketAddress(VIP, port)));
        var question = new DatagramPacket(new byte[16], 16);
        backend.setSoTimeout(5_000);
        backend.receive(question);
        return question;
    }

    /** The port under which the client sees the answer; its address has to be the service's. */
    private static int answer(DatagramSocket client, DatagramSocket backend, DatagramPacket question)
            throws IOException {
        backend.send(question);
        var answer = new DatagramPacket(new byte[16], 16);
        client.setSoTimeout(5_000);
        client.receive(answer);
        assertThat(answer.getAddress().getHostAddress()).isEqualTo(VIP);
        return answer.getPort();
    }

    private static ServiceEntry entry(ServiceBackend... backends) {
        return new ServiceEntry(List.of(backends), false);
    }

    private static ServiceBackend backend(DatagramSocket server) {
        var address = IpAddress.parse(server.getLocalAddress().getHostAddress());
        return new ServiceBackend(address, server.getLocalPort(), 1, BackendState.ACTIVE);
    }

    /** Says its name to whoever connects. */
    private static final class NamedServer implements AutoCloseable {
        private final String name;
        private final ServerSocket socket;

        NamedServer(String name) throws IOException {
            this.name = name;
            socket = new ServerSocket(0, 50, InetAddress.getByName(name));
            Thread.ofPlatform().daemon().start(this::serve);
        }

        String name() {
            return name;
        }

        ServiceBackend backend() {
            return new ServiceBackend(IpAddress.parse(name), socket.getLocalPort(), 1, BackendState.ACTIVE);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (var client = socket.accept()) {
                    client.getOutputStream().write(name.getBytes());
                } catch (IOException closed) {
                    // The test is over, or a client left early.
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** A connection of IPv4 in another process, which can ask the kernel who its peer is. */
    private static final class OpenConnection implements AutoCloseable {
        private final Process perl;

        OpenConnection(String address, int port) throws IOException {
            perl = new ProcessBuilder(
                            "perl",
                            "-e",
                            "use Socket; $|=1; socket(S,PF_INET,SOCK_STREAM,0); connect(S,sockaddr_in(" + port
                                    + ",inet_aton('" + address
                                    + "'))) or die $!; while(<STDIN>){my($p,$a)=sockaddr_in(getpeername(S));"
                                    + "print inet_ntoa($a).\":$p\\n\"}")
                    .redirectErrorStream(true)
                    .start();
            // Connected before the version changes.
            assertThat(peer()).isEqualTo(address + ":" + port);
        }

        String peer() throws IOException {
            perl.outputWriter().append('\n').flush();
            return perl.inputReader().readLine();
        }

        @Override
        public void close() {
            perl.destroy();
        }
    }
}
