package dev.tombolo.agent.egress.podstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodStartUpkeepTest {
    private static final String CHAIN = "{\"cniVersion\": \"1.0.0\", \"plugins\": [{\"type\": \"bridge\"}]}";

    @TempDir
    private Path node;

    private Instant now = Instant.EPOCH;
    private Path list;
    private PodStartUpkeep upkeep;

    @BeforeEach
    void aNodeWithACni() throws IOException {
        var configurations = Files.createDirectories(node.resolve("net.d"));
        var programs = Files.createDirectories(node.resolve("bin"));
        Files.writeString(programs.resolve("bridge"), "bridge");
        list = Files.writeString(configurations.resolve("10-pods.conflist"), CHAIN);
        var source = Files.writeString(node.resolve("tombolo-cni"), "program");
        upkeep = new PodStartUpkeep(
                new PodStartHook(configurations, programs, source, Path.of("/sys/fs/bpf")), () -> now);
    }

    private void settleLater() {
        now = now.plus(Duration.ofSeconds(2));
        upkeep.settle();
    }

    @Test
    void nothingIsSaidBeforeItHasLooked() {
        assertThat(upkeep.looked()).isFalse();
        upkeep.settle();
        assertThat(upkeep.looked()).isTrue();
        assertThat(upkeep.missing()).isEmpty();
    }

    @Test
    void aChainThatIsWrittenAnewGetsTheHookAgain() throws IOException {
        upkeep.settle();
        assertThat(list).content().contains("tombolo-cni");
        Files.writeString(list, CHAIN);
        upkeep.settle();
        assertThat(list).content().as("it looks now and then only").isEqualTo(CHAIN);
        settleLater();
        assertThat(list).content().contains("tombolo-cni");
    }

    @Test
    void saysWhyPodsStartWithoutItForAsLongAsTheyDo() throws IOException {
        Files.delete(list);
        upkeep.settle();
        assertThat(upkeep.missing()).contains(list.getParent() + " has no CNI configuration");
        Files.writeString(list, CHAIN);
        settleLater();
        assertThat(upkeep.missing()).isEmpty();
    }
}
