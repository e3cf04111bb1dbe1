package dev.tombolo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LaunchScriptTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tombolo", "node-agent", "clustermesh-apiserver"})
    void takesTheSortedClassPathBesideItAndTheCacheThatIsThere(String program) throws Exception {
        distribution(program);
        Files.createFile(directory.resolve("lib/" + program + ".aot"));
        var words = run(program, fakeJava("25.0.3"));
        assertThat(words)
                .contains("-XX:+UseSerialGC", "-XX:AOTCache=" + directory + "/lib/" + program + ".aot")
                .contains("--enable-native-access=ALL-UNNAMED", "status")
                .containsSubsequence("-cp", directory + "/lib/a.jar:" + directory + "/lib/b.jar");
    }

    @Test
    void startsWithoutACache() throws Exception {
        distribution("tombolo");
        assertThat(run("tombolo", fakeJava("25.0.3"))).noneMatch(word -> word.startsWith("-XX:AOTCache"));
    }

    /** Without its settings logback prints everything, and on standard output, into what {@code -o json} prints. */
    @Test
    void theCommandLineHasNoLoggingOfTheProcesses() throws Exception {
        distribution("tombolo");
        for (String jar : List.of("logback-classic-1.jar", "node-agent-1.jar", "clustermesh-apiserver-1.jar")) {
            Files.createFile(directory.resolve("lib/" + jar));
        }
        assertThat(run("tombolo", fakeJava("25.0.3")))
                .contains("-Dslf4j.internal.verbosity=ERROR")
                .containsSubsequence("-cp", directory + "/lib/a.jar:" + directory + "/lib/b.jar");
    }

    @Test
    void anOlderJavaIsPassedOver() throws Exception {
        distribution("tombolo");
        Path runtime = directory.resolve("jre");
        Files.move(fakeJava("25.0.1"), runtime);
        assertThat(run("tombolo", fakeJava("17.0.15"))).contains(runtime + "/bin/java");
    }

    private void distribution(String program) throws IOException {
        Files.createDirectories(directory.resolve("bin"));
        Files.createDirectories(directory.resolve("lib"));
        Files.copy(Path.of("bin", program), directory.resolve("bin/" + program));
        Files.createFile(directory.resolve("lib/b.jar"));
        Files.createFile(directory.resolve("lib/a.jar"));
    }

    /** A Java that prints how it was called. */
    private Path fakeJava(String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve("java-" + version));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private List<String> run(String program, Path javaHome) throws Exception {
        var builder = new ProcessBuilder("bash", directory + "/bin/" + program, "status").redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().remove("TOMBOLO_JAVA_OPTIONS");
        var process = builder.start();
        var words = process.inputReader().lines().toList();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return words;
    }
}
