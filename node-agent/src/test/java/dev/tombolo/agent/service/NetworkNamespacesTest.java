package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkNamespacesTest {
    @TempDir
    private Path proc;

    @BeforeEach
    void aFirstProcess() throws IOException {
        process(1, "net:[1]");
    }

    @Test
    void eachNamespaceIsFoundOnceAndAProcessThatEndedIsNoProblem() throws IOException {
        process(2, "net:[1]");
        process(3, "net:[3]");
        Files.createDirectories(proc.resolve("4/ns"));
        Files.createDirectories(proc.resolve("self/ns"));
        var found = NetworkNamespaces.of(proc);
        assertThat(found.files()).hasSize(2).contains(proc.resolve("3/ns/net"));
        assertThat(found.problem()).isEmpty();
    }

    @Test
    void aNamespaceThatCannotBeReadIsAProblemAndTheOthersAreFound() throws IOException {
        // Not a link, which no permission of the test's user can read.
        Files.createFile(Files.createDirectories(proc.resolve("2/ns")).resolve("net"));
        var found = NetworkNamespaces.of(proc);
        assertThat(found.files()).containsExactly(proc.resolve("1/ns/net"));
        assertThat(found.problem().orElseThrow()).contains("2/ns/net");
    }

    @Test
    void theFirstProcessIsNotMissedBecauseThisOneIsInItsNamespace() throws IOException {
        process(2, "net:[1]");
        Files.delete(proc.resolve("1/ns/net"));
        Files.createFile(proc.resolve("1/ns/net"));
        var found = NetworkNamespaces.of(proc);
        assertThat(found.files()).containsExactly(proc.resolve("2/ns/net"));
        assertThat(found.problem()).isEmpty();
    }

    @Test
    void moreProcessesThanAreLookedAtAreAProblem() throws IOException {
        process(2, "net:[2]");
        assertThat(NetworkNamespaces.of(proc, 2).problem()).isEmpty();
        var cut = NetworkNamespaces.of(proc, 1);
        assertThat(cut.files()).hasSize(1);
        assertThat(cut.problem().orElseThrow()).contains("more than 1 processes");
    }

    @Test
    void hiddenProcessesAreAProblem() throws IOException {
        Files.delete(proc.resolve("1/ns/net"));
        Files.delete(proc.resolve("1/ns"));
        Files.delete(proc.resolve("1"));
        assertThat(NetworkNamespaces.of(proc).problem().orElseThrow()).contains("hidden");
    }

    private void process(int pid, String namespace) throws IOException {
        var directory = Files.createDirectories(proc.resolve(pid + "/ns"));
        Files.createSymbolicLink(directory.resolve("net"), Path.of(namespace));
    }
}
