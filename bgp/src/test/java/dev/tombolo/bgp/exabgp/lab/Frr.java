package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** A router that is FRR's bgpd by itself; it need not install what it learns. */
final class Frr implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/lib/frr/bgpd");
    private static final Pattern COUNT = Pattern.compile("Displayed +(\\d+) routes");

    private final TestNamespace namespace;
    private final Path directory;
    private Process process;

    Frr(TestNamespace namespace, Path directory) {
        this.namespace = namespace;
        this.directory = directory;
    }

    static void assumeThere() {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "skipped: FRR's bgpd is not installed (package frr)");
    }

    void start(String password) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("bgpd.conf"), """
                router bgp 64501
                 bgp router-id 192.0.2.2
                 no bgp ebgp-requires-policy
                 bgp graceful-restart
                 neighbor 192.0.2.1 remote-as 64500
                 neighbor 192.0.2.1 password %s
                 neighbor 192.0.2.1 passive
                 neighbor 192.0.2.1 timers 3 9
                 address-family ipv6 unicast
                  neighbor 192.0.2.1 activate
                 exit-address-family
                """.formatted(password));
        process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace.name(),
                        PROGRAM.toString(),
                        "-n",
                        "-Z",
                        "-S",
                        "-f",
                        directory.resolve("bgpd.conf").toString(),
                        "-i",
                        directory.resolve("bgpd.pid").toString(),
                        "-z",
                        directory.resolve("zserv").toString(),
                        "--vty_socket",
                        directory.toString(),
                        "-P",
                        "0",
                        "-u",
                        "root",
                        "-g",
                        "root")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bgpd.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(directory.resolve("bgpd.vty")));
    }

    String ask(String command) throws IOException {
        return TestNamespace.command(
                new ArrayList<>(List.of("vtysh", "--vty_socket", directory.toString(), "-d", "bgpd", "-c", command)));
    }

    int count() throws IOException {
        var count = COUNT.matcher(ask("show bgp ipv4 unicast"));
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
