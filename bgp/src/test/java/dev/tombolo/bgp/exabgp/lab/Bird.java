package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

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
public final class Bird implements AutoCloseable {
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
        Files.createDirectories(directory);
        int number = Integer.parseInt(directory.getFileName().toString().substring("bird".length()));
        Files.writeString(directory.resolve("bird.conf"), """
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
                  ipv4 { import all; export none; extended next hop on; };
                  ipv6 { import all; export none; };
                  %4$s
                }
                """.formatted(local, Lab.asnOf(number), remote, session));
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

    private boolean connect() throws IOException {
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

    /** Of IPv4. */
    public int count() throws IOException {
        return count(COUNT4);
    }

    int countV6() throws IOException {
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
    public void close() throws IOException {
        if (control != null) {
            control.close();
        }
        process.destroyForcibly().onExit().join();
    }
}
