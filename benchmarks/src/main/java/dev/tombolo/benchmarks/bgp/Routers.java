package dev.tombolo.benchmarks.bgp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** One BIRD that is several routers, which take all they are told; asked by its control socket. */
final class Routers implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/sbin/bird");
    private static final Pattern COUNT = Pattern.compile("(\\d+) of \\d+ routes.* in table master4");
    private static final int FIRST_PORT = 2_000;

    /** It locks what it calls, and never calls: a port of its own lets each session start. */
    private static final String SESSION = """
            protocol bgp r%1$d {
              local %2$s as %3$d;
              neighbor %4$s port %6$d as %5$d;
              passive on;
              hold time 9;
              error wait time 1, 2;
              graceful restart on;
              ipv4 { import all; export none; };
            }
            """;

    private final Process process;
    private final SocketChannel control;
    private final BufferedReader answers;

    Routers(Network network, int count) throws IOException {
        var text = new StringBuilder("router id 192.0.2.100;\nprotocol device {}\n");
        for (int i = 0; i < count; i++) {
            text.append(SESSION.formatted(
                    i, Network.router(i), Network.systemOf(i), Network.NODE, Network.OUR_SYSTEM, FIRST_PORT + i));
        }
        var file = Files.writeString(network.directory().resolve("bird.conf"), text);
        var socket = network.directory().resolve("bird.ctl");
        process = network.atRouters(
                "bird.log", List.of(PROGRAM.toString(), "-f", "-c", file.toString(), "-s", socket.toString()));
        Waiting.until("BIRD", () -> Files.exists(socket));
        control = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        answers = new BufferedReader(new InputStreamReader(Channels.newInputStream(control), StandardCharsets.UTF_8));
        answers.readLine();
    }

    /** Of all routers together. */
    int routes() {
        var count = COUNT.matcher(ask("show route count"));
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    int established() {
        return (int) ask("show protocols")
                .lines()
                .filter(line -> line.contains("Established"))
                .count();
    }

    /** An answer ends with a line whose number is followed by a blank, and "show route count" with one of the kind 1xxx-. */
    private synchronized String ask(String command) {
        try {
            control.write(StandardCharsets.US_ASCII.encode(command + "\n"));
            var text = new StringBuilder();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                text.append(line).append('\n');
                if (line.matches("0000 ?.*|[89]\\d{3} .*|0014 .*") || line.matches("\\d{4} .*") && !answers.ready()) {
                    return text.toString();
                }
            }
            throw new IOException("bird has gone: " + text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        process.destroyForcibly().onExit().join();
    }
}
