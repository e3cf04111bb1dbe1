package dev.tombolo.agent.egress.podstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodStartHookTest {
    private static final String BEFORE = """
            {"cniVersion": "1.0.0", "name": "pods", "plugins": [
              {"type": "bridge"}
            ]}
            """;
    private static final String AFTER = """
            {"cniVersion": "1.0.0", "name": "pods", "plugins": [
              {"type": "bridge"},
              {"type":"tombolo-cni"}
            ]}
            """;

    @TempDir
    private Path node;

    private Path configurations;
    private Path programs;
    private Path source;
    private PodStartHook hook;

    @BeforeEach
    void aNodeWithACni() throws IOException {
        configurations = Files.createDirectories(node.resolve("etc/cni/net.d"));
        programs = Files.createDirectories(node.resolve("opt/cni/bin"));
        source = Files.writeString(node.resolve("tombolo-cni"), "program");
        Files.writeString(programs.resolve("bridge"), "bridge");
        Files.writeString(configurations.resolve("10-pods.conflist"), BEFORE);
        hook = new PodStartHook(configurations, programs, source, Path.of("/sys/fs/bpf"));
    }

    private static Map<String, String> files(Path directory) throws IOException {
        var files = new TreeMap<String, String>();
        try (var entries = Files.list(directory)) {
            for (var entry : entries.toList()) {
                files.put(entry.getFileName().toString(), Files.readString(entry));
            }
        }
        return files;
    }

    @Test
    void comesAndGoesWithoutATrace() throws IOException {
        var mode = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(configurations.resolve("10-pods.conflist"), mode);

        assertThat(hook.ensure()).isEmpty();
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", AFTER));
        assertThat(files(programs)).isEqualTo(Map.of("bridge", "bridge", "tombolo-cni", "program"));
        assertThat(Files.getPosixFilePermissions(configurations.resolve("10-pods.conflist")))
                .isEqualTo(mode);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(programs.resolve("tombolo-cni"))))
                .isEqualTo("rwxr-xr-x");

        hook.remove();
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", BEFORE));
        assertThat(files(programs)).isEqualTo(Map.of("bridge", "bridge"));
        hook.remove();
    }

    @Test
    void aSecondCheckTouchesNothing() throws IOException {
        hook.ensure();
        var file = Files.getAttribute(configurations.resolve("10-pods.conflist"), "unix:ino");
        var program = Files.getAttribute(programs.resolve("tombolo-cni"), "unix:ino");
        assertThat(hook.ensure()).isEmpty();
        assertThat(Files.getAttribute(configurations.resolve("10-pods.conflist"), "unix:ino"))
                .isEqualTo(file);
        assertThat(Files.getAttribute(programs.resolve("tombolo-cni"), "unix:ino"))
                .isEqualTo(program);
    }

    @Test
    void comesBackWhenTheCniWritesItsFileAnewAndWhenTheProgramIsAnother() throws IOException {
        hook.ensure();
        Files.writeString(configurations.resolve("10-pods.conflist"), BEFORE);
        Files.writeString(source, "another");
        assertThat(hook.ensure()).isEmpty();
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", AFTER));
        assertThat(files(programs)).containsEntry("tombolo-cni", "another");
    }

    @Test
    void isTakenOutOfListsThatAreNotTheFirstAnyMore() throws IOException {
        hook.ensure();
        Files.writeString(configurations.resolve("05-new.conflist"), BEFORE);
        assertThat(hook.ensure()).isEmpty();
        assertThat(files(configurations)).isEqualTo(Map.of("05-new.conflist", AFTER, "10-pods.conflist", AFTER));
        hook.remove();
        assertThat(files(configurations)).isEqualTo(Map.of("05-new.conflist", BEFORE, "10-pods.conflist", BEFORE));
    }

    @Test
    void theProgramStaysWhileAChainMayNameIt() throws IOException {
        hook.ensure();
        Files.writeString(configurations.resolve("20-half.conflist"), "{\"plugins\": [{\"type\": \"tombolo-cni\"");
        assertThatThrownBy(hook::remove)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("20-half.conflist cannot be used: it is not JSON")
                .hasMessageEndingWith("; take tombolo-cni out of it by hand");
        assertThat(files(programs)).containsKey("tombolo-cni");
    }

    @Test
    void aChainNeverNamesAProgramThatCannotBeBrought() throws IOException {
        hook.ensure();
        Files.delete(programs.resolve("tombolo-cni"));
        Files.delete(source);
        assertThat(hook.ensure()).contains(source + " does not exist");
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", BEFORE));
        assertThat(hook.ensure()).contains(source + " does not exist");
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", BEFORE));
    }

    @Test
    void aChainOfAVersionThatIsNotKnownLosesIt() throws IOException {
        Files.writeString(configurations.resolve("10-pods.conflist"), AFTER.replace("1.0.0", "2.0.0"));
        assertThat(hook.ensure()).contains("10-pods.conflist has a cniVersion that tombolo-cni does not know: '2.0.0'");
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", BEFORE.replace("1.0.0", "2.0.0")));
    }

    @Test
    void saysWhyThereIsNone() throws IOException {
        var list = configurations.resolve("10-pods.conflist");
        var elsewhere = new PodStartHook(configurations, node.resolve("absent"), source, Path.of("/sys/fs/bpf"));
        assertThat(elsewhere.ensure()).contains(node.resolve("absent") + " does not exist");

        // What is in the way of the file that would be renamed stands for a disk that takes nothing.
        Files.createDirectories(configurations.resolve(".10-pods.conflist.tombolo/full"));
        assertThat(hook.ensure()).isPresent();
        assertThat(list).content().isEqualTo(BEFORE);
        Files.delete(configurations.resolve(".10-pods.conflist.tombolo/full"));
        Files.delete(configurations.resolve(".10-pods.conflist.tombolo"));

        Files.move(list, node.resolve("linked"));
        Files.createSymbolicLink(list, node.resolve("linked"));
        assertThat(hook.ensure()).contains(list + " is a symbolic link, and would be none any more");

        Files.delete(list);
        assertThat(hook.ensure()).contains(configurations + " has no CNI configuration");

        Files.write(list, new byte[] {'{', (byte) 0xff});
        assertThat(hook.ensure()).contains(list + " is not UTF-8");

        Files.write(list, new byte[(1 << 20) + 1]);
        assertThat(hook.ensure()).contains(list + " is larger than 1048576 bytes");
    }

    @Test
    void whatTheCniWroteAtTheSameTimeStays() throws IOException {
        var file = new ConfigurationFile(configurations.resolve("10-pods.conflist"));
        String newer = BEFORE.replace("pods", "new");
        Files.writeString(file.path(), newer);
        assertThatThrownBy(() -> file.replace(BEFORE, AFTER))
                .hasMessage(file.path() + " was written anew at the same time; the next check looks again");
        assertThat(files(configurations)).isEqualTo(Map.of("10-pods.conflist", newer));
    }
}
