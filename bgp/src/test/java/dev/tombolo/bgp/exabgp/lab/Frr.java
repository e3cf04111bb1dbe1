package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A router that is FRR's bgpd; it need not install what it learns. Beside it bfdd runs where it is to have BFD, and zebra,
 * by which these two talk. Of a node that is one of a range FRR asks for BFD only once it has a session.
 */
final class Frr implements Router {
    private static final Path PROGRAMS = Path.of("/usr/lib/frr");
    private static final Path PROGRAM = PROGRAMS.resolve("bgpd");
    private static final Pattern COUNT = Pattern.compile("Displayed +(\\d+) routes");

    private final TestNamespace namespace;
    private final Path directory;
    private final int number;
    private final List<Process> processes = new ArrayList<>();

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
        var bgpd = new ArrayList<>(List.of("-n", "-S", "-u", "root", "-g", "root"));
        if (setup.liveness().hasBfd()) {
            letEverybodyIn();
            run("zebra", "", "zserv", List.of());
            run("bfdd", "", "bfdd.vty", List.of("--bfdctl", file("bfdd.sock")));
        } else {
            bgpd.add("-Z");
        }
        run("bgpd", configuration(setup), "bgpd.vty", bgpd);
    }

    /** Daemons that cannot be told to stay root are a user of their own. */
    private void letEverybodyIn() throws IOException {
        Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** Waits until it listens. Ahead of what else the machine does: a build must not be taken for a silent node. */
    private void run(String program, String configuration, String socket, List<String> more) throws IOException {
        Files.deleteIfExists(directory.resolve(socket));
        Files.writeString(directory.resolve(program + ".conf"), configuration);
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name(), "chrt", "--rr", "1"));
        words.add(PROGRAMS.resolve(program).toString());
        words.addAll(List.of("-f", file(program + ".conf"), "-i", file(program + ".pid")));
        words.addAll(List.of("-z", file("zserv"), "--vty_socket", directory.toString(), "-P", "0"));
        words.addAll(more);
        processes.add(new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile())
                .start());
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(directory.resolve(socket)));
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private String configuration(Setup setup) {
        return """
                router bgp %1$s
                 bgp router-id %2$s
                 no bgp ebgp-requires-policy
                 no bgp default ipv4-unicast
                 bgp graceful-restart
                %3$s neighbor %4$s timers 3 9
                %5$s%6$s%7$s""".formatted(
                        Lab.asnOf(number),
                        Lab.remote(number),
                        neighbour(setup),
                        node(setup),
                        setup.password()
                                .map(password -> " neighbor %s password %s\n".formatted(node(setup), password))
                                .orElse(""),
                        family(setup, BgpFamily.IPV4),
                        family(setup, BgpFamily.IPV6));
    }

    private String neighbour(Setup setup) {
        if (setup.liveness() == Liveness.BFD) {
            return """
                     neighbor nodes peer-group
                     neighbor nodes remote-as 64500
                     neighbor nodes bfd
                     bgp listen range %s/32 peer-group nodes
                    """.formatted(node());
        }
        String bfd = setup.liveness().hasBfd() ? " neighbor " + node() + " bfd\n" : "";
        return """
                 neighbor %1$s remote-as 64500
                 neighbor %1$s passive
                %2$s""".formatted(node(), bfd);
    }

    private String node(Setup setup) {
        return setup.liveness() == Liveness.BFD ? "nodes" : node();
    }

    private String family(Setup setup, BgpFamily family) {
        return setup.families().contains(family) ? """
                 address-family %1$s unicast
                  neighbor %2$s activate
                  neighbor %2$s maximum-prefix %3$d
                 exit-address-family
                """.formatted(family.afi(), node(setup), setup.mostRoutes()) : "";
    }

    private String node() {
        return Lab.local(number);
    }

    String ask(String... commands) throws IOException {
        return ask("bgpd", List.of(commands));
    }

    private String ask(String daemon, List<String> commands) throws IOException {
        var words = new ArrayList<>(List.of("vtysh", "--vty_socket", directory.toString(), "-d", daemon));
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
    public boolean isWatching() throws IOException {
        return ask("bfdd", List.of("show bfd peers")).contains("Status: up");
    }

    @Override
    public void kill() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
        processes.clear();
    }

    @Override
    public void close() {
        kill();
    }
}
