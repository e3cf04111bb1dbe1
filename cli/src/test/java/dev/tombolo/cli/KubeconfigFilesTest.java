package dev.tombolo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigFilesTest {
    @TempDir
    private Path directory;

    private String both;

    @BeforeEach
    void write() throws IOException {
        both = write("a", "", "west") + ":" + directory.resolve("absent") + ":" + write("b", "east", "east");
    }

    @Test
    void theFirstFileThatKnowsTheContextCounts() throws IOException {
        assertThat(KubeconfigFiles.choose(both, Optional.of("west"))).contains(directory.resolve("a"));
        assertThat(KubeconfigFiles.choose(both, Optional.of("east"))).contains(directory.resolve("b"));
    }

    @Test
    void withoutAContextTheFirstThatHasACurrentOneCounts() throws IOException {
        assertThat(KubeconfigFiles.choose(both, Optional.empty())).contains(directory.resolve("b"));
    }

    @Test
    void aContextThatNoneKnowsIsMissedInTheFirst() throws IOException {
        assertThat(KubeconfigFiles.choose(both, Optional.of("north"))).contains(directory.resolve("a"));
    }

    @Test
    void noVariableMeansTheFileInTheHomeDirectory() throws IOException {
        assertThat(KubeconfigFiles.choose(null, Optional.empty())).isEmpty();
        assertThat(KubeconfigFiles.choose("", Optional.empty())).isEmpty();
    }

    private Path write(String name, String current, String context) throws IOException {
        return Files.writeString(directory.resolve(name), """
                apiVersion: v1
                kind: Config
                current-context: "%s"
                contexts: [{name: %2$s, context: {cluster: %2$s, user: u}}]
                """.formatted(current, context));
    }
}
