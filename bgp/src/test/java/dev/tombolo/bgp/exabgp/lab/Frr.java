package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.BgpFamily;
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
final class Frr implements Router {
    private static final Path PROGRAM = Path.of("/usr/lib/frr/bgpd");
    private static final Pattern COUNT = Pattern.compile("Displayed +(\\d+) routes");

    private final TestNamespace namespace;
    private final Path directory;
    private final int number;
    private Process process;

    /** Router {@code number} of a lab. */
    Frr(TestNamespace namespace, Path directory, int number) {
        this.namespace = namespace;
        this.directory = directory;
        this.number = number;
    }

    static void assumeThere() {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "skipped: FRR's bgpd is not installed (package frr)");
    }

    @Override
    public void start(Setup setup) throws IOException {
        kill();
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve("bgpd.vty"));
        Files.writeString(directory.resolve("bgpd.conf"), configuration(setup));
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
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(directory.resolve("bgpd.vty")));
    }

    private String configuration(Setup setup) {
        return """
                router bgp %1$s
                 bgp router-id %2$s
                 no bgp ebgp-requires-policy
                 no bgp default ipv4-unicast
                 bgp graceful-restart
                 neighbor %3$s remote-as 64500
                 neighbor %3$s passive
                 neighbor %3$s timers 3 9
                %4$s%5$s%6$s""".formatted(
                        Lab.asnOf(number),
                        Lab.remote(number),
                        node(),
                        setup.password()
                                .map(password -> " neighbor %s password %s\n".formatted(node(), password))
                                .orElse(""),
                        family(setup, BgpFamily.IPV4),
                        family(setup, BgpFamily.IPV6));
    }

    private String family(Setup setup, BgpFamily family) {
        return setup.families().contains(family) ? """
                 address-family %1$s unicast
                  neighbor %2$s activate
                  neighbor %2$s maximum-prefix %3$d
                 exit-address-family
                """.formatted(family.afi(), node(), setup.mostRoutes()) : "";
    }

    private String node() {
        return Lab.local(number);
    }

    String ask(String... commands) throws IOException {
        var words = new ArrayList<>(List.of("vtysh", "--vty_socket", directory.toString(), "-d", "bgpd"));
        for (String command : commands) {
            words.addAll(List.of("-c", command));
        }
        return TestNamespace.command(words);
    }

    private void configure(String command) throws IOException {
        ask("configure terminal", "router bgp " + Lab.asnOf(number), command);
    }

    @Override
    public void shutDown() throws IOException {
        configure("neighbor " + node() + " shutdown");
    }

    @Override
    public void clear() throws IOException {
        configure("no neighbor " + node() + " shutdown");
        ask("clear bgp *");
    }

    @Override
    public int count() throws IOException {
        return count("ipv4");
    }

    @Override
    public int countV6() throws IOException {
        return count("ipv6");
    }

    private int count(String afi) throws IOException {
        var count = COUNT.matcher(ask("show bgp " + afi + " unicast"));
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    @Override
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
