package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceFrontend;
import dev.tombolo.bpf.service.ServiceFrontendKey;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets of this process, in a cgroup of its own; services and backends are all on loopback. */
@Timeout(60)
class SocketLoadBalancingTest {
    private static final String VIP = "127.77.0.1";
    private static final ServiceKey TCP = new ServiceKey(IpAddress.parse(VIP), 80, Protocol.TCP);
    private static final ServiceKey UDP = new ServiceKey(IpAddress.parse(VIP), 53, Protocol.UDP);

    private AttachedServices kernel;
    private Datapath datapath;
    private ServiceMaps services;

    @BeforeEach
    void attach() throws Exception {
        kernel = AttachedServices.open();
        datapath = kernel.datapath();
        services = kernel.services();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void aClosedDatapathsMapsAreRefused() throws Exception {
        var hosts = datapath.ipcacheHosts();
        datapath.close();
        assertThatThrownBy(hosts::entries)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(services::observe).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInvalidRowFailsAlone() throws Exception {
        var six = new ServiceBackend(IpAddress.parse("::1"), 80, 1, BackendState.ACTIVE);
        var four = new ServiceBackend(IpAddress.parse("127.0.0.1"), 80, 1, BackendState.ACTIVE);
        var failures = services.putAll(Map.of(TCP, entry(six), UDP, entry(four)));
        assertThat(failures).containsOnlyKeys(TCP);
        assertThat(failures.get(TCP)).hasMessageContaining("other family");
        assertThat(services.observe()).containsOnlyKeys(UDP);
    }

    @Test
    void tcpReachesEveryBackendAndNoOther() throws Exception {
        try (var one = AnsweringServer.start("127.0.0.1");
                var two = AnsweringServer.start("127.0.0.2")) {
            services.put(TCP, entry(one.backend(), two.backend()));
            var seen = new TreeSet<String>();
            for (int i = 0; i < 64; i++) {
                seen.add(dial());
            }
            assertThat(seen).containsExactly("127.0.0.1", "127.0.0.2");
            services.put(TCP, entry(two.backend()));
            for (int i = 0; i < 16; i++) {
                assertThat(dial()).isEqualTo("127.0.0.2");
            }
            services.remove(TCP);
            assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class);
        }
    }

    /** Of one network namespace, as a pod's are. */
    @Test
    void allConnectionsOfAClientGoToOneBackendWhereTheyAreToStayTogether() throws Exception {
        try (var one = AnsweringServer.start("127.0.0.1");
                var two = AnsweringServer.start("127.0.0.2")) {
            var rows = List.of(one.backend(), two.backend());
            services.put(TCP, new ServiceEntry(rows, true, Clients.OF_CLUSTER.together(true)));
            assertThat(services.observe().get(TCP).clients().together()).isTrue();
            var seen = new TreeSet<String>();
            for (int i = 0; i < 64; i++) {
                seen.add(dial());
            }
            assertThat(seen).hasSize(1);
        }
    }

    /** The row for everybody is for packets: of one node's backends, or for clients of certain ranges. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void socketsAreServedByTheRowForWhoeverIsInside(boolean restricted) throws Exception {
        try (var here = AnsweringServer.start("127.0.0.1");
                var elsewhere = AnsweringServer.start("127.0.0.2")) {
            var clients = restricted
                    ? Clients.of(Reach.OUTSIDE, Optional.of(Set.of(Prefix.parse("203.0.113.0/24"))))
                    : Clients.of(Reach.OUTSIDE_LOCAL);
            services.put(TCP, new ServiceEntry(List.of(here.backend()), true, clients));
            assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class);
            assertThat(kernel.counted("FORWARDED")).isZero();
            var inside = new ServiceKey(TCP.address(), TCP.port(), TCP.protocol(), ServiceScope.INSIDE);
            services.put(inside, entry(here.backend(), elsewhere.backend()));
            var seen = new TreeSet<String>();
            for (int i = 0; i < 64; i++) {
                seen.add(dial());
            }
            assertThat(seen).containsExactly("127.0.0.1", "127.0.0.2");
            services.remove(TCP);
            assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class);
            assertThat(services.observe()).containsOnlyKeys(inside);
        }
    }

    /** A version that knows no scopes leaves both rows of an address with the id of one. */
    @Test
    void aRowThatSharesItsIdOrIsOfAnUnknownScopeIsTakenOut() throws Exception {
        var inside = new ServiceKey(TCP.address(), TCP.port(), TCP.protocol(), ServiceScope.INSIDE);
        services.put(TCP, entry(place(1)));
        services.put(inside, entry(place(1), place(2)));
        var rows = datapath.frontends();
        var everybody = new ServiceFrontendKey(TCP.address(), TCP.port(), 6, 0);
        rows.put(new ServiceFrontendKey(TCP.address(), TCP.port(), 6, 77), new ServiceFrontend(99, 0, 0, 0));
        rows.put(everybody, rows.entries().get(new ServiceFrontendKey(TCP.address(), TCP.port(), 6, 1)));
        assertThat(services.observe()).isEqualTo(Map.of(TCP, entry(place(1), place(2))));
        assertThat(rows.entries()).containsOnlyKeys(everybody);
    }

    @Test
    void aQuarantinedOrTerminatingBackendGetsNoNewConnection() throws Exception {
        try (var one = AnsweringServer.start("127.0.0.1");
                var two = AnsweringServer.start("127.0.0.2")) {
            for (var state : List.of(BackendState.QUARANTINED, BackendState.TERMINATING)) {
                var gone = one.backend();
                services.put(TCP, entry(new ServiceBackend(gone.address(), gone.port(), 1, state), two.backend()));
                for (int i = 0; i < 16; i++) {
                    assertThat(dial()).isEqualTo("127.0.0.2");
                }
            }
        }
    }

    @Test
    void anEmptyServiceIsRefusedOrLeftAloneAsItSays() throws Exception {
        services.put(TCP, new ServiceEntry(List.of(), true));
        assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class);
        assertThat(kernel.counted("DROP_NO_BACKEND")).isEqualTo(1);
        services.put(TCP, new ServiceEntry(List.of(), false));
        assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class); // nobody else serves it here
        assertThat(kernel.counted("PASS_NO_BACKEND")).isEqualTo(1);
    }

    @Test
    void aSocketOfIpv4SeesTheServiceAsItsPeer() throws Exception {
        try (var server = AnsweringServer.start("127.0.0.1")) {
            services.put(TCP, entry(server.backend()));
            String program = "use Socket; socket(S,PF_INET,SOCK_STREAM,0); connect(S,sockaddr_in(80,inet_aton('" + VIP
                    + "'))) or die $!; my($p,$a)=sockaddr_in(getpeername(S)); print inet_ntoa($a).':'.$p;";
            var perl = new ProcessBuilder("perl", "-e", program)
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(perl.getInputStream().readAllBytes())).isEqualTo(VIP + ":80");
        }
    }

    @Test
    void ipv6IsBalancedToo() throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getByName("::1"))) {
            var key = new ServiceKey(IpAddress.parse("2001:db8::80"), 80, Protocol.TCP);
            var place = new ServiceBackend(IpAddress.parse("::1"), server.getLocalPort(), 1, BackendState.ACTIVE);
            services.put(key, entry(place));
            try (var client = new Socket("2001:db8::80", 80);
                    var accepted = server.accept()) {
                assertThat(accepted.isConnected() && client.isConnected()).isTrue();
            }
        }
    }

    @Test
    void randomChangesLeaveTheMapsEqualToAModel() throws Exception {
        var random = new java.util.Random(4711);
        var model = new HashMap<ServiceKey, ServiceEntry>();
        for (int step = 0; step < 1_000; step++) {
            var key = new ServiceKey(IpAddress.v4(0x0A600000 + random.nextInt(20)), 80, Protocol.TCP);
            if (random.nextInt(4) == 0) {
                services.remove(key);
                model.remove(key);
            } else {
                var entry = randomEntry(random);
                services.put(key, entry);
                model.put(key, entry);
            }
        }
        assertThat(services.observe()).isEqualTo(model);
        assertThat(datapath.services().observe()).isEqualTo(model);
        int backends = model.values().stream()
                .mapToInt(entry -> entry.backends().size())
                .sum();
        assertThat(datapath.fill().get("svc_backend").entries()).isEqualTo(backends);
    }

    private static ServiceEntry randomEntry(java.util.Random random) {
        var backends = new java.util.ArrayList<ServiceBackend>();
        for (int i = 0; i < 5; i++) {
            if (random.nextBoolean()) {
                var state = BackendState.values()[random.nextInt(3)];
                backends.add(new ServiceBackend(place(i).address(), 8080, 2, state));
            }
        }
        return new ServiceEntry(backends, random.nextBoolean());
    }

    @Test
    void aRestartKeepsServicesAndLinks() throws Exception {
        try (var server = AnsweringServer.start("127.0.0.1")) {
            services.put(TCP, entry(server.backend()));
            var before = services.observe();
            datapath.close();
            assertThat(dial()).isEqualTo("127.0.0.1");
            datapath = kernel.reopened(Map.of("svc_fe", 128));
            assertThat(datapath.freshMaps()).isEmpty();
            services = datapath.services();
            assertThat(services.observe()).isEqualTo(before);
            datapath.attachServices();
            assertThat(dial()).isEqualTo("127.0.0.1");
            services.remove(TCP);
            assertThatThrownBy(SocketLoadBalancingTest::dial).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFullMapIsAnErrorAndLeavesWhatWasThere() throws Exception {
        datapath.close();
        datapath = kernel.reopened(Map.of("svc_backend", 3));
        services = datapath.services();
        services.put(TCP, entry(place(1), place(2)));
        var before = services.observe();
        assertThatThrownBy(() -> services.put(UDP, entry(place(1), place(2), place(3))))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("E2BIG, the map is full");
        assertThat(services.observe()).isEqualTo(before);
    }

    @Test
    void tenThousandServicesAreLoadedInBatches() throws Exception {
        var rows = new HashMap<ServiceKey, ServiceEntry>();
        for (int i = 0; i < 10_000; i++) {
            var key = new ServiceKey(IpAddress.v4(0x0A600000 + i), 80, Protocol.TCP);
            rows.put(key, entry(place(i % 200), place(i % 200 + 1)));
        }
        long start = System.nanoTime();
        assertThat(services.putAll(rows)).isEmpty();
        long took = System.nanoTime() - start;
        System.out.println("10,000 services with 2 backends each: " + took / 1_000_000 + " ms");
        assertThat(services.observe()).isEqualTo(rows);
    }

    private static String dial() throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(VIP, 80), 2_000);
            socket.setSoTimeout(5_000);
            return new String(socket.getInputStream().readAllBytes());
        }
    }

    private static ServiceEntry entry(ServiceBackend... backends) {
        return new ServiceEntry(List.of(backends), false);
    }

    private static ServiceBackend place(int i) {
        return new ServiceBackend(IpAddress.v4(0xC0000200 + i), 8080, 2, BackendState.ACTIVE);
    }
}
