package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program by itself, with this test in the place of ExaBGP. */
@Timeout(60)
class BridgeTest {
    private static final String KEEPALIVE = "{ \"type\": \"keepalive\", \"n\": %06d }\n";
    private static final String STATE =
            "{ \"type\": \"state\", \"n\": %06d, \"padding\": \"" + "x".repeat(200) + "\" }\n";

    @TempDir
    private Path directory;

    private Process bridge;
    private OutputStream events;
    private BufferedReader commands;

    @BeforeEach
    void start() throws IOException {
        bridge = new ProcessBuilder(program().toString(), socket().toString()).start();
        events = bridge.getOutputStream();
        commands = bridge.inputReader(StandardCharsets.US_ASCII);
        await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(socket()));
    }

    @AfterEach
    void stop() {
        bridge.destroyForcibly();
    }

    @Test
    void carriesLinesBothWays() throws IOException {
        try (var client = new Client()) {
            client.write("version\n");
            assertThat(commands.readLine()).isEqualTo("version");
            tell("exabgp 4.2.21\ndone\n");
            assertThat(client.read()).isEqualTo("exabgp 4.2.21");
            assertThat(client.read()).isEqualTo("done");
        }
    }

    @Test
    void tellsALaterClientWhatNobodyHeard() throws IOException {
        tell("{ \"a\": 1 }\n{ \"a\": 2 }\n");
        try (var client = new Client()) {
            assertThat(client.read()).isEqualTo("{ \"a\": 1 }");
            assertThat(client.read()).isEqualTo("{ \"a\": 2 }");
        }
    }

    @Test
    void passesNoHalfCommandOfAClientThatDied() throws IOException {
        try (var client = new Client()) {
            client.write("announce one\nannounce attributes next-hop 192.0.2.1 nlri 198.51");
            assertThat(commands.readLine()).isEqualTo("announce one");
        }
        try (var client = new Client()) {
            client.write("reset\n");
            assertThat(commands.readLine()).isEqualTo("reset");
        }
    }

    @Test
    void beginsWithAWholeLineForANewClient() throws IOException {
        String line = "{ \"long\": \"" + "y".repeat(1_000_000) + "\" }";
        try (var first = new Client()) {
            tell(line + "\n{ \"b\": 2 }\n");
            assertThat(first.readSome(10)).startsWith("{ \"long\"");
            try (var second = new Client()) {
                assertThat(second.read()).isEqualTo(line);
                assertThat(second.read()).isEqualTo("{ \"b\": 2 }");
                assertThat(first.isGone()).isTrue();
            }
        }
    }

    @Test
    void alwaysReadsAndDropsIdleTalkFirst() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            tell(STATE.formatted(i).substring(0, 30) + "\"}\n");
            tell(KEEPALIVE.formatted(i).repeat(10));
        }
        try (var client = new Client()) {
            assertThat(client.dropped()).isZero();
            assertThat(client.droppedIdle()).isPositive();
            for (int i = 0; i < 20_000; i++) {
                String line = client.read();
                while (line.contains("keepalive")) {
                    line = client.read();
                }
                assertThat(line).contains("%06d".formatted(i));
            }
        }
    }

    @Test
    void dropsTheOldestWhenThereIsNothingLessAndSaysSo() throws IOException {
        int count = 40_000;
        for (int i = 0; i < count; i++) {
            tell(STATE.formatted(i));
        }
        try (var client = new Client()) {
            long dropped = client.dropped();
            assertThat(dropped).isPositive();
            for (long i = dropped; i < count; i++) {
                assertThat(client.read()).contains("\"n\": %06d".formatted(i));
            }
        }
    }

    @Test
    void survivesALineThatIsLongerThanAllItHas() throws IOException {
        tell("z".repeat(9_000_000) + "\n{ \"after\": 1 }\n");
        try (var client = new Client()) {
            assertThat(client.dropped()).isEqualTo(1);
            assertThat(client.read()).isEqualTo("{ \"after\": 1 }");
        }
    }

    @Test
    void sendsASlowClientAwayRatherThanWait() throws IOException {
        try (var slow = new Client()) {
            for (int i = 0; i < 40_000; i++) {
                tell(STATE.formatted(i));
            }
            try (var next = new Client()) {
                assertThat(next.dropped()).isPositive();
            }
            assertThat(slow.isGone()).isTrue();
        }
    }

    @Test
    void holdsCommandsWhileExabgpDoesNotReadThem() throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 2_000; i++) {
            lines.add("announce " + i + " " + "p".repeat(80));
        }
        try (var client = new Client()) {
            client.write(String.join("\n", lines) + "\n");
            tell("{ \"c\": 3 }\n");
            assertThat(client.read()).isEqualTo("{ \"c\": 3 }");
            for (String line : lines) {
                assertThat(commands.readLine()).isEqualTo(line);
            }
        }
    }

    @Test
    void endsWithExabgp() throws Exception {
        events.close();
        assertThat(bridge.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    /** It is a shell here. */
    @Test
    void endsAnExabgpThatAnswersNothing() throws Exception {
        var path = directory.resolve("other");
        var exabgp = new ProcessBuilder("sh", "-c", program() + " " + path + " 1; true").start();
        try {
            await().atMost(Duration.ofSeconds(5)).until(() -> Files.exists(path));
            try (var client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                client.write(StandardCharsets.US_ASCII.encode("version\n"));
                assertThat(exabgp.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(exabgp.exitValue()).isEqualTo(128 + 9);
        } finally {
            exabgp.destroyForcibly();
        }
    }

    @Test
    void letsNobodyElseConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
    }

    private Path socket() {
        return directory.resolve("s");
    }

    private void tell(String text) throws IOException {
        events.write(text.getBytes(StandardCharsets.US_ASCII));
        events.flush();
    }

    static Path program() {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return Path.of("target/classes/META-INF/native/linux-" + machine + "/tombolo-exabgp-bridge");
    }

    /** One that has read the greeting. */
    private final class Client implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
        private final BufferedReader reader =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
        private final String greeting = reader.readLine();

        Client() throws IOException {
            assertThat(greeting).startsWith("{ \"bridge\"");
        }

        long dropped() {
            return number("dropped");
        }

        long droppedIdle() {
            return number("dropped_idle");
        }

        private long number(String name) {
            return List.of(greeting.split("[ ,{}]+")).stream()
                    .dropWhile(word -> !word.equals("\"" + name + "\":"))
                    .skip(1)
                    .findFirst()
                    .map(Long::parseLong)
                    .orElseThrow();
        }

        void write(String text) throws IOException {
            var bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        String read() throws IOException {
            return reader.readLine();
        }

        String readSome(int count) throws IOException {
            var some = new char[count];
            assertThat(reader.read(some)).isPositive();
            return new String(some);
        }

        boolean isGone() {
            try {
                while (reader.read() >= 0) {
                    // What was on its way still arrives.
                }
                return true;
            } catch (IOException reset) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
