package dev.tombolo.bgp.bfd.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.process.BfdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script by which the container starts the BFD process, with a Java that only tells how it was started. */
final class BfdScriptTest {
    private static final Path SCRIPTS = Path.of("src/main/sh");

    @TempDir
    private Path home;

    private Process process;

    @BeforeEach
    void distribution() throws IOException {
        for (String directory : List.of("bin", "lib", "run", "jre/bin")) {
            Files.createDirectories(home.resolve(directory));
        }
        for (String script : List.of("bgp-bfd", "bgp-functions")) {
            Files.copy(SCRIPTS.resolve(script), home.resolve("bin").resolve(script));
        }
        for (String jar : List.of("model-1.jar", "bgp-1.jar", "netty-1.jar", "model-api.jar")) {
            Files.createFile(home.resolve("lib").resolve(jar));
        }
        Files.writeString(home.resolve("jre/release"), "JAVA_VERSION=\"25.0.3\"\n");
        var java = Files.writeString(home.resolve("jre/bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void startsTheProcessAsItIsMeantToBeStarted() throws Exception {
        Files.createFile(home.resolve("lib/bgp-bfd.aot"));
        configure();
        start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        var words = output().lines().toList();
        assertThat(words)
                .containsAll(BfdProgram.OPTIONS)
                .contains("-XX:AOTCache=" + home.resolve("lib/bgp-bfd.aot"))
                .endsWith(
                        "-cp",
                        home.resolve("lib/bgp-1.jar") + ":" + home.resolve("lib/model-1.jar"),
                        BfdProcess.class.getName(),
                        home.resolve("run").toString());
    }

    @Test
    void startsNoJavaUntilSomebodyConfiguresBgp() throws Exception {
        start();
        await().until(() -> output().contains("waiting for"));
        assertThat(process.info().command().orElseThrow()).endsWith("bash");
        configure();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output()).contains(BfdProcess.class.getName());
    }

    private void configure() throws IOException {
        Files.createFile(home.resolve("run/exabgp.conf"));
    }

    private void start() throws IOException {
        var builder = new ProcessBuilder("bash", home.resolve("bin/bgp-bfd").toString()).redirectErrorStream(true);
        builder.redirectOutput(home.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of(
                        "TOMBOLO_BGP_DIR", home.resolve("run").toString(),
                        "JAVA_HOME", home.resolve("jre").toString()));
        builder.environment().remove("TOMBOLO_JAVA_OPTIONS");
        process = builder.start();
    }

    private String output() throws IOException {
        return Files.readString(home.resolve("output"));
    }
}
