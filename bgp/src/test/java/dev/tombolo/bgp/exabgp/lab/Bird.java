package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** A router that takes all it is told, asked by its control socket. */
public final class Bird implements Router {
    static final Path PROGRAM = Path.of("/usr/sbin/bird");
    private static final Pattern COUNT4 = Pattern.compile("(\\d+) of \\d+ routes.* in table master4");
    private static final Pattern COUNT6 = Pattern.compile("(\\d+) of \\d+ routes.* in table master6");

    private final TestNamespace namespace;
    private final Path directory;
    private final String local;
    private final String remote;
    private final String session;
    private Process process;
    private SocketChannel control;
    private BufferedReader answers;

    /** {@code session}: more of what is said of it. */
    Bird(TestNamespace namespace, Path directory, String local, String remote, String session) {
        this.namespace = namespace;
        this.directory = directory;
        this.local = local;
        this.remote = remote;
        this.session = session;
    }

    void start() throws IOException {
        start(Setup.PLAIN);
    }

    @Override
    public void start(Setup setup) throws IOException {
        kill();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("bird.conf"), configuration(setup));
        Files.deleteIfExists(directory.resolve("bird.ctl"));
        process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace.name(),
                        PROGRAM.toString(),
                        "-f",
                        "-c",
                        directory.resolve("bird.conf").toString(),
                        "-s",
                        directory.resolve("bird.ctl").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("bird.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(this::connect);
    }

    private String configuration(Setup setup) {
        int number = Integer.parseInt(directory.getFileName().toString().substring("bird".length()));
        String password = setup.password().map("password \"%s\";"::formatted).orElse("");
        String bfd = setup.liveness().hasBfd() ? "bfd on;" : "";
        return """
                router id %1$s;
                protocol device { scan time 1; }
                protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }
                protocol bgp node {
                  local %1$s as %2$s;
                  neighbor %3$s as 64500;
                  passive on;
                  hold time 9;
                  error wait time 1, 2;
                  graceful restart on;
                  %4$s
                  %5$s
                  %6$s
                }
                """.formatted(
                        local,
                        Lab.asnOf(number),
                        remote,
                        channel(setup, BgpFamily.IPV4, "extended next hop on;"),
                        channel(setup, BgpFamily.IPV6, ""),
                        session + password + bfd);
    }

    private static String channel(Setup setup, BgpFamily family, String more) {
        return setup.families().contains(family)
                ? "%s { import all; import limit %d action disable; export none; %s };"
                        .formatted(family.afi(), setup.mostRoutes(), more)
                : "";
    }

    private boolean connect() throws IOException {
        if (control != null) {
            control.close();
        }
        control = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("bird.ctl")));
        answers = new BufferedReader(new InputStreamReader(Channels.newInputStream(control), StandardCharsets.UTF_8));
        return answers.readLine() != null;
    }

    /** An answer ends with a line whose number is followed by a blank. */
    public synchronized String ask(String command) throws IOException {
        control.write(StandardCharsets.US_ASCII.encode(command + "\n"));
        var text = new StringBuilder();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            text.append(line).append('\n');
            if (line.matches("(\\d{4} .*|0000 ?|\\d{4})") && !line.startsWith("1")) {
                return text.toString();
            }
            if (line.matches("1\\d{3} .*") && !answers.ready()) {
                return text.toString();
            }
        }
        throw new IOException("bird has gone: " + text);
    }

    @Override
    public int count() throws IOException {
        return count(COUNT4);
    }

    @Override
    public int countV6() throws IOException {
        return count(COUNT6);
    }

    private int count(Pattern family) throws IOException {
        var count = family.matcher(ask("show route count"));
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    String route(String prefix) throws IOException {
        return ask("show route all for " + prefix);
    }

    String protocol() throws IOException {
        return ask("show protocols all node");
    }

    @Override
    public boolean isWatching() throws IOException {
        return ask("show bfd sessions").contains(" Up ");
    }

    @Override
    public void shutDown() throws IOException {
        ask("disable node");
    }

    /** What exceeded a limit is disabled, and not only down. */
    @Override
    public void clear() throws IOException {
        ask("disable node");
        ask("enable node");
    }

    @Override
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() throws IOException {
        if (control != null) {
            control.close();
        }
        kill();
    }
}
