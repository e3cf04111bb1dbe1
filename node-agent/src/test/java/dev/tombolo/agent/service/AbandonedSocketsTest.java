package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client in a namespace and a cgroup of its own, with real sockets; what it talks to need not be there. */
@Timeout(60)
class AbandonedSocketsTest {
    private static final Frontend DNS =
            new Frontend(new SocketEndpoint(IpAddress.parse("127.77.0.1"), 53), Protocol.UDP);
    private static final Frontend OTHER =
            new Frontend(new SocketEndpoint(IpAddress.parse("127.77.0.2"), 53), Protocol.UDP);
    private static final int SELF = 1;
    private static final String A = "127.0.0.11";
    private static final String B = "127.0.0.12";

    /** Connects a socket to each address, then says of each what receiving gives, whenever it is asked. */
    private static final String CLIENT = """
            use Socket; use Errno; $| = 1; my @sockets;
            for my $to (@ARGV) {
              socket(my $s, PF_INET, SOCK_DGRAM, 0) or die $!;
              connect($s, sockaddr_in(53, inet_aton($to))) or die "$to: $!";
              push @sockets, $s;
            }
            print "ready\\n";
            while (<STDIN>) {
              for my $s (@sockets) {
                my $got = recv($s, my $data, 1, MSG_DONTWAIT);
                my $state = $!{EAGAIN} ? 'open' : $!{ECONNABORTED} ? 'ended' : "$!";
                print "$state ";
              }
              print "\\n";
            }
            """;

    private Path bpffs;
    private Path cgroup;
    private TestNamespace pod;
    private Datapath datapath;
    private UdpBackends backends;
    private AbandonedSockets sockets;

    @BeforeEach
    void attach() throws IOException {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        pod = TestNamespace.create();
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        cgroup = Files.createDirectories(
                root().resolve("tombolo-agent-test-" + ProcessHandle.current().pid()));
        datapath = Datapath.open(new DatapathOptions(bpffs, cgroup, Map.of()));
        backends = new UdpBackends(new KernelServices(datapath.services()), SELF);
        backends.observe();
        datapath.attachServices();
        sockets = new AbandonedSockets(datapath.socketDestroyer(), backends);
        sockets.start();
    }

    private static Path root() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> line.split(" "))
                    .filter(fields -> fields[3].equals("/"))
                    .map(fields -> Path.of(fields[4]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (sockets != null) {
            sockets.close();
            datapath.close();
            Datapath.removeAll(bpffs);
            TestNamespace.command(List.of("umount", bpffs.toString()));
            Files.delete(bpffs);
        }
        if (cgroup != null) {
            await().untilAsserted(() ->
                    assertThat(Files.readString(cgroup.resolve("cgroup.procs"))).isEmpty());
            Files.delete(cgroup);
        }
        if (pod != null) {
            pod.close();
        }
    }

    @Test
    void onlySocketsThatTheServiceSentToABackendThatLeftGetAnError() throws Exception {
        backends.put(DNS, entry(backend(A, BackendState.ACTIVE)));
        backends.put(OTHER, entry(backend(A, BackendState.ACTIVE)));
        // The last one chose the backend's address itself.
        try (var client = new Client("127.77.0.1", "127.77.0.2", A)) {
            backends.put(DNS, entry(backend(A, BackendState.TERMINATING), backend(B, BackendState.ACTIVE)));
            backends.put(DNS, entry(backend(B, BackendState.ACTIVE)));
            await().untilAsserted(() -> assertThat(sockets.ended()).isEqualTo(1));
            assertThat(client.states()).isEqualTo("ended open open ");
            // A machine in a container may have processes that the test may not look at.
            assertThat(sockets.failure())
                    .isEqualTo(NetworkNamespaces.of(Path.of("/proc")).problem());
        }
    }

    @Test
    void aDeadPathEndsSocketsAndADrainingBackendDoesNot() throws Exception {
        backends.putAll(Map.of(
                DNS, entry(backend(A, BackendState.ACTIVE)),
                OTHER, entry(backend(B, BackendState.ACTIVE))));
        try (var client = new Client("127.77.0.1", "127.77.0.2")) {
            backends.put(OTHER, entry(backend(B, BackendState.TERMINATING)));
            backends.put(DNS, entry(backend(A, BackendState.QUARANTINED), backend(B, BackendState.ACTIVE)));
            await().untilAsserted(() -> assertThat(sockets.ended()).isEqualTo(1));
            assertThat(client.states()).isEqualTo("ended open ");
        }
    }

    @Test
    void aServiceThatIsNotGlobalAnyMoreEndsSocketsAtOtherClustersBackendsOnly() throws Exception {
        backends.putAll(Map.of(
                DNS, entry(backend(A, BackendState.ACTIVE)),
                OTHER, entry(new ServiceBackend(IpAddress.parse(B), 53, SELF, BackendState.ACTIVE))));
        try (var client = new Client("127.77.0.1", "127.77.0.2")) {
            backends.remove(OTHER);
            backends.remove(DNS);
            await().untilAsserted(() -> assertThat(sockets.ended()).isEqualTo(1));
            assertThat(client.states()).isEqualTo("ended open ");
        }
    }

    @Test
    void whatLeftWhileNobodyLookedIsFoundAtTheStart() throws Exception {
        backends.put(DNS, entry(backend(A, BackendState.ACTIVE)));
        try (var client = new Client("127.77.0.1")) {
            sockets.close();
            backends.put(DNS, entry(backend(B, BackendState.ACTIVE)));
            var next = new UdpBackends(new KernelServices(datapath.services()), SELF);
            next.observe();
            sockets = new AbandonedSockets(datapath.socketDestroyer(), next);
            sockets.start();
            await().untilAsserted(() -> assertThat(sockets.ended()).isEqualTo(1));
            assertThat(client.states()).isEqualTo("ended ");
        }
    }

    @Test
    void aNamespaceThatCouldNotBeEnteredIsTriedAgain(@TempDir Path proc) throws Exception {
        var place = Files.createDirectories(proc.resolve("1/ns")).resolve("net");
        Files.createSymbolicLink(place, Files.createFile(proc.resolve("no namespace")));
        sockets.close();
        backends.put(DNS, entry(backend(A, BackendState.ACTIVE)));
        try (var client = new Client("127.77.0.1")) {
            backends.put(DNS, entry(backend(B, BackendState.ACTIVE)));
            sockets = new AbandonedSockets(datapath.socketDestroyer(), backends, proc);
            sockets.start();
            await().untilAsserted(() -> assertThat(sockets.failure()).isPresent());
            var pods = Path.of("/proc/" + client.process.pid() + "/ns/net");
            Files.move(Files.createSymbolicLink(proc.resolve("next"), pods), place, StandardCopyOption.ATOMIC_MOVE);
            await().untilAsserted(() -> assertThat(sockets.ended()).isEqualTo(1));
            await().untilAsserted(() -> assertThat(sockets.failure()).isEmpty());
            assertThat(client.states()).isEqualTo("ended ");
        }
    }

    private static ServiceEntry entry(ServiceBackend... backends) {
        return new ServiceEntry(List.of(backends), true);
    }

    private static ServiceBackend backend(String address, BackendState state) {
        return new ServiceBackend(IpAddress.parse(address), 53, SELF + 1, state);
    }

    private final class Client implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;

        Client(String... addresses) throws IOException {
            var words = new java.util.ArrayList<>(List.of(
                    "sh",
                    "-c",
                    "echo $$ >" + cgroup + "/cgroup.procs && exec ip netns exec " + pod.name() + " \"$@\"",
                    "sh",
                    "perl",
                    "-e",
                    CLIENT));
            words.addAll(List.of(addresses));
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
            answers = process.inputReader();
            assertThat(answers.readLine()).isEqualTo("ready");
        }

        /** Of each socket, in order. */
        String states() throws IOException {
            process.outputWriter().append("\n").flush();
            return answers.readLine();
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}
