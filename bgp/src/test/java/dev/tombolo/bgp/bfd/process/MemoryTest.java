package dev.tombolo.bgp.bfd.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Neighbor;
import dev.tombolo.bgp.bfd.protocol.Neighbor.Mode;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    private static final Neighbor NEIGHBOR = new Neighbor(
            -3, SessionState.UP, Diagnostic.NONE, Duration.ofMillis(300), Duration.ofMillis(100), 5, Mode.ASYNCHRONOUS);
    private static final Remembered UP = remembered("192.0.2.2", "192.0.2.1", Optional.of(NEIGHBOR));
    private static final Remembered DOWN = remembered("2001:db8::2", "2001:db8::1", Optional.empty());

    @TempDir
    Path directory;

    @Test
    void whatWasKeptLastIsRead() throws IOException {
        var file = file();
        try (var memory = new Memory(file)) {
            memory.keep(List.of(DOWN));
            memory.keep(List.of(UP, DOWN));
            await().untilAsserted(() -> assertThat(Memory.read(file)).containsExactly(UP, DOWN));
            memory.keep(List.of());
            await().untilAsserted(() -> assertThat(Memory.read(file)).isEmpty());
        }
    }

    /** The neighbour has long given up whoever was Up before a boot. */
    @Test
    void fromAnotherBootNothingIsUp() throws IOException {
        Files.write(file(), List.of("memory boot=another", UP.line().toString()));
        assertThat(Memory.read(file())).singleElement().satisfies(session -> {
            assertThat(session.neighbor()).isEmpty();
            assertThat(session.discriminator()).isEqualTo(UP.discriminator());
        });
    }

    @Test
    void whatCannotBeReadIsLeftOut() throws IOException {
        Files.write(
                file(),
                List.of("memory", "session peer=nonsense", "", DOWN.line().toString(), "session peer="));
        assertThat(Memory.read(file())).hasSize(1);
        assertThat(Memory.read(directory.resolve("absent"))).isEmpty();
    }

    private Path file() {
        return directory.resolve("bfd.sessions");
    }

    private static Remembered remembered(String peer, String local, Optional<Neighbor> neighbor) {
        var path = new BfdPath(IpAddress.parse(peer), IpAddress.parse(local), Optional.of("eth0"), Reach.MULTIHOP);
        return new Remembered(
                path, SessionSettings.DEFAULT, -2, 50_000, Instant.ofEpochMilli(1_800_000_000_000L), neighbor);
    }
}
