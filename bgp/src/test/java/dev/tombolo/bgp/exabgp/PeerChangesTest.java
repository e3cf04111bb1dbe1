package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neighbours as ExaBGP has them and as they are wanted. */
class PeerChangesTest {
    @TempDir
    private Path directory;

    private FakeExabgp exabgp;
    private ExabgpSpeaker speaker;

    @BeforeEach
    void start() throws IOException {
        exabgp = new FakeExabgp(directory.resolve("s"));
        var places =
                new ExabgpSpeaker.Places(directory.resolve("exabgp.conf"), Path.of("/bridge"), directory.resolve("s"));
        speaker = new ExabgpSpeaker(places, _ -> Optional.empty()).start();
        await().until(() -> speaker.status().channel() == ChannelState.READY);
        exabgp.holds(DialogueScene.NEIGHBOUR);
        speaker.apply(List.of(DialogueScene.peer()));
        await().until(() ->
                speaker.status().peers().values().stream().anyMatch(peer -> peer.state() == SessionState.IDLE));
    }

    @AfterEach
    void stop() throws IOException {
        speaker.close();
        exabgp.close();
    }

    @Test
    void anExabgpThatTakesNoNeighbourAnyMoreIsToldToEnd() throws IOException {
        exabgp.holds("");
        exabgp.dropClient();
        await().until(() -> exabgp.commands.contains("shutdown"));
        assertThat(exabgp.commands).containsSubsequence("reload", "version", "reload", "shutdown");
        await().until(() -> speaker.status().configurationProblem().isPresent());
        assertThat(speaker.status().configurationProblem().get()).startsWith("ExaBGP has lost all sessions");
    }

    @Test
    void anExabgpThatTakesThemAgainIsNot() throws IOException {
        exabgp.dropClient();
        long looks = exabgp.commands.stream().filter("version"::equals).count();
        await().until(() -> exabgp.commands.stream().filter("version"::equals).count() > looks
                && speaker.status().isReady());
        assertThat(exabgp.commands).doesNotContain("shutdown");
    }
}
