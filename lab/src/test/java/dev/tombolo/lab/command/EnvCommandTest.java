package dev.tombolo.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvCommandTest {
    @Test
    void namesTheFirstFolderWithAKubectlThatRuns(@TempDir Path work) throws IOException {
        var without = Files.createDirectory(work.resolve("without"));
        var unusable = Files.createDirectory(work.resolve("unusable"));
        Files.createFile(unusable.resolve("kubectl"));
        var with = Files.createDirectory(work.resolve("with"));
        assertThat(Files.createFile(with.resolve("kubectl")).toFile().setExecutable(true))
                .isTrue();
        assertThat(EnvCommand.kubectl(without + ":" + unusable + ":" + with)).contains(with);
        assertThat(EnvCommand.kubectl(without + ":" + unusable)).isEmpty();
    }
}
