package dev.tombolo.bgp.bfd.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.control.Line;
import dev.tombolo.bgp.bfd.control.LineChannel;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The socket with clients of every kind; what the sessions would say is said by the test. */
@Timeout(60)
class ControlSocketTest {
    private static final BfdPath PATH = BfdPath.direct(IpAddress.parse("192.0.2.2"), IpAddress.parse("192.0.2.1"));
    private static final String SESSION =
            "session peer=192.0.2.2 local=192.0.2.1 state=%s diagnostic=NONE standing=HEARD"
                    + " since-ms=%d remote-discriminator=7 remote-state=UP remote-diagnostic=NONE remote-transmit-us=300000"
                    + " remote-receive-us=300000 transmit-interval-us=300000 detection-time-us=900000 sent=1 received=1 unsent=0"
                    + " changes=1";

    @TempDir
    Path directory;

    private final Clients clients = new Clients();
    private ControlSocket socket;

    private static final class Clients implements ControlSocket.Listener {
        final Set<Long> here = ConcurrentHashMap.newKeySet();
        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void came(long client) {
            here.add(client);
        }

        @Override
        public void said(long client, String line) {
            said.add(line);
        }

        @Override
        public void went(long client) {
            here.remove(client);
        }
    }

    private static final class Heard implements LivenessDetector.Listener {
        final List<SessionState> states = new CopyOnWriteArrayList<>();
        final List<String> refused = new CopyOnWriteArrayList<>();

        @Override
        public void changed(SessionReport report) {
            states.add(report.state());
        }

        @Override
        public void refused(String reason) {
            refused.add(reason);
        }
    }

    @BeforeEach
    void open() throws IOException {
        socket = ControlSocket.open(path());
        var opened = socket;
        Thread.ofVirtual().start(() -> talk(opened));
    }

    private void talk(ControlSocket opened) {
        try {
            opened.run(clients);
        } catch (IOException | ClosedSelectorException _) {
            // The test is over.
        }
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    @Test
    void whoDoesNotReadIsLetGoAndKeepsNobodyElseWaiting() throws IOException {
        try (var reader = LineChannel.connect(path());
                var sleeper = LineChannel.connect(path())) {
            await().until(() -> clients.here.size() == 2);
            for (int i = 0; i < 50_000; i++) {
                socket.tellAll(Line.of("line")
                        .with("number", i)
                        .with("filler", "x".repeat(60))
                        .toString());
                if (i % 100 == 0) {
                    socket.tellAll("pause");
                    readUntilPause(reader);
                }
            }
            await().until(() -> clients.here.size() == 1);
            assertThat(sleeper).isNotNull();
        }
    }

    private static void readUntilPause(LineChannel reader) throws IOException {
        var line = reader.read();
        while (!line.verb().equals("pause")) {
            line = reader.read();
        }
    }

    @Test
    void aLineWithoutEndIsNotCollected() throws IOException {
        try (var endless = LineChannel.connect(path())) {
            await().until(() -> !clients.here.isEmpty());
            endless.write(Line.of("x".repeat(5_000)));
            await().until(clients.here::isEmpty);
        }
    }

    @Test
    void theClientSaysWhatItWantsToEachProcessAnew() throws IOException {
        try (var client = BfdClient.start(path(), new Heard())) {
            client.watch(Map.of(PATH, SessionSettings.DEFAULT));
            await().until(() -> clients.said.contains("apply"));
            clients.said.clear();
            socket.close();
            open();
            await().until(() -> clients.said.contains("apply"));
            assertThat(clients.said).hasSize(2).first().asString().startsWith("want peer=192.0.2.2 local=192.0.2.1 ");
            assertThat(client.deafSince()).isPresent();
            socket.tellAll("synced");
            await().until(() -> client.deafSince().isEmpty());
        }
    }

    @Test
    void aClientThatWantsNothingYetLeavesEverythingAsItIs() throws IOException {
        try (var client = BfdClient.start(path(), new Heard())) {
            await().until(() -> !clients.here.isEmpty());
            socket.tellAll("synced");
            await().until(() -> client.deafSince().isEmpty());
            assertThat(clients.said).isEmpty();
        }
    }

    /** What is Up, and was Up, may have been Down between. */
    @Test
    void theListenerHearsOfEachChangeAndOfThoseItMissed() throws IOException {
        var heard = new Heard();
        try (var client = BfdClient.start(path(), heard)) {
            await().until(() -> !clients.here.isEmpty());
            tell(SESSION.formatted("UP", 1), "synced", SESSION.formatted("UP", 1), SESSION.formatted("DOWN", 2));
            tell(SESSION.formatted("UP", 3), "session peer=nonsense");
            await().until(() -> heard.states.size() == 3);
            await().until(() -> clients.here.size() == 1 && client.deafSince().isPresent());
            tell(SESSION.formatted("UP", 9), "refused reason=because", "of-the-future x=1", "synced");
            await().until(() -> client.deafSince().isEmpty());
            assertThat(heard.states)
                    .containsExactly(SessionState.UP, SessionState.DOWN, SessionState.UP, SessionState.UP);
            assertThat(heard.refused).hasSize(1);
            tell("gone peer=192.0.2.2 local=192.0.2.1");
            await().until(() -> client.reports().isEmpty());
        }
    }

    @Test
    void whatAnotherProcessDoesNotKnowOfIsForgotten() throws IOException {
        try (var client = BfdClient.start(path(), new Heard())) {
            await().until(() -> !clients.here.isEmpty());
            tell(SESSION.formatted("UP", 1), "synced");
            await().until(() -> client.reports().containsKey(PATH));
            clients.here.clear();
            socket.close();
            open();
            await().until(() -> !clients.here.isEmpty());
            assertThat(client.reports()).containsKey(PATH);
            tell("synced");
            await().until(() -> client.reports().isEmpty());
        }
    }

    private void tell(String... lines) {
        List.of(lines).forEach(socket::tellAll);
    }

    private Path path() {
        return directory.resolve("bfd.sock");
    }
}
