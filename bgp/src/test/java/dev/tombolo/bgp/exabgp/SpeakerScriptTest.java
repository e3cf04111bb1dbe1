package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script by which the container starts ExaBGP, with a program in its place that only tells how it was started. */
final class SpeakerScriptTest {
    private static final Path SCRIPT = Path.of("src/main/sh/bgp-speaker").toAbsolutePath();
    private static final Path NODELAY = SCRIPT.resolveSibling("lib/tombolo-nodelay.so");

    @TempDir
    private Path directory;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void startsExabgpWithTheEnvironmentAndTheWordsOfStartCommand() throws Exception {
        configure();
        start(tellingProgram());
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(toldSettings()).isEqualTo(StartCommand.environment(NODELAY));
        assertThat(words()).isEqualTo(configuration() + "\n");
    }

    @Test
    void meansTheProgramThatStartCommandMeans() throws IOException {
        assertThat(SCRIPT).content().contains("${TOMBOLO_EXABGP:-" + StartCommand.PROGRAM + "}");
    }

    @Test
    void waitsUntilSomebodyConfiguresBgp() throws Exception {
        start(tellingProgram());
        await().until(() -> output().contains("waiting for " + configuration()));
        assertThat(directory.resolve("words")).doesNotExist();
        configure();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(words()).isEqualTo(configuration() + "\n");
    }

    @Test
    void endsWhenItIsAskedToWhileItWaits() throws Exception {
        start(tellingProgram());
        await().until(() -> output().contains("waiting for"));
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void saysOnceThatExabgpIsMissingAndSleeps() throws Exception {
        configure();
        start(directory.resolve("nowhere"));
        await().until(() -> process.info().command().orElse("").endsWith("/sleep"));
        assertThat(output()).isEqualTo(directory.resolve("nowhere") + " is missing: this node has no BGP\n");
    }

    private Path configuration() {
        return directory.resolve("exabgp.conf");
    }

    private void configure() throws IOException {
        Files.createFile(configuration());
    }

    private Path tellingProgram() throws IOException {
        var program = Files.writeString(directory.resolve("exabgp"), """
                #!/bin/sh
                env > "$TOMBOLO_BGP_DIR/environment"
                printf '%s\\n' "$@" > "$TOMBOLO_BGP_DIR/words"
                """);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void start(Path program) throws IOException {
        var builder = new ProcessBuilder(SCRIPT.toString()).redirectErrorStream(true);
        builder.redirectOutput(directory.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of("TOMBOLO_BGP_DIR", directory.toString(), "TOMBOLO_EXABGP", program.toString()));
        process = builder.start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private String words() throws IOException {
        return Files.readString(directory.resolve("words"));
    }

    private Map<String, String> toldSettings() throws IOException {
        var settings = new TreeMap<String, String>();
        for (var line : Files.readAllLines(directory.resolve("environment"))) {
            if (line.matches("(exabgp_|LD_PRELOAD=).*")) {
                int equals = line.indexOf('=');
                settings.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return settings;
    }
}
