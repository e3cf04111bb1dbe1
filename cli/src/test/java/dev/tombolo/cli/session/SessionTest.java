package dev.tombolo.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.cli.CommandRun;
import dev.tombolo.cli.output.Console;
import dev.tombolo.lab.daemon.Kubeconfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command as a user sees it: what is printed where, the exit code, and what becomes of the clusters. The texts are
 * under {@code src/test/sessions}; {@code -Dgolden.update=true} writes them anew.
 */
@Timeout(120)
final class SessionTest {
    private static final Path SESSIONS = Path.of("src/test/sessions");
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Map<String, LivingCluster> clusters = new LinkedHashMap<>();

    @TempDir
    private Path directory;

    static Stream<Path> sessions() throws IOException {
        try (var files = Files.list(SESSIONS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void printsWhatTheTextSays(Path session) throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        String expected = Files.readString(session);
        for (String name : List.of("west", "east")) {
            clusters.put(name, new LivingCluster(name));
        }
        writeKubeconfig();
        String printed = Transcript.parse(expected).play(this::play);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(session, printed);
        }
        assertThat(printed).isEqualTo(expected);
    }

    @AfterEach
    void stop() throws Exception {
        for (var cluster : clusters.values()) {
            cluster.close();
        }
    }

    private Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** Both clusters, one that does not answer, and no current context. */
    private void writeKubeconfig() throws IOException {
        var entries = new ArrayList<Kubeconfig.Entry>();
        clusters.forEach((name, cluster) -> entries.add(cluster.server().entry(name)));
        var west = entries.getFirst();
        entries.add(
                new Kubeconfig.Entry("gone", "https://127.0.0.1:1", west.authority(), west.certificate(), west.key()));
        Kubeconfig.write(kubeconfig(), entries);
        String text = Files.readString(kubeconfig());
        Files.writeString(kubeconfig(), text.replaceFirst("current-context:.*", "current-context: \"\""));
    }

    private List<String> play(String line) throws Exception {
        for (var cluster : clusters.values()) {
            cluster.live();
        }
        if (line.startsWith("% ")) {
            int colon = line.indexOf(':');
            clusters.get(line.substring(2, colon))
                    .happens(line.substring(colon + 1).strip());
            return List.of();
        }
        var words = new ArrayList<>(List.of(line.substring(2).split(" +")));
        words.removeFirst();
        boolean interrupted = words.remove("^C");
        if (!words.contains("--kubeconfig")) {
            words.addAll(List.of("--kubeconfig", kubeconfig().toString()));
        }
        return interrupted ? interrupt(words) : run(words);
    }

    private List<String> run(List<String> words) {
        var printed = new ArrayList<String>();
        var out = new PrintWriter(new LineWriter(line -> printed.add(stable(line))), true);
        // Progress depends on how fast the machine is.
        var err = new PrintWriter(
                new LineWriter(line -> {
                    if (!line.startsWith("⌛")) {
                        printed.add("! " + stable(line));
                    }
                }),
                true);
        int code = CommandRun.of(new Console(out, err, false), words);
        if (code != 0) {
            printed.add("? " + code);
        }
        return printed;
    }

    /** Types Ctrl-C once both clusters declare each other, which is half of what connecting does. */
    private List<String> interrupt(List<String> words) throws Exception {
        var printed = new ArrayList<String>();
        var command = Thread.ofPlatform().start(() -> printed.addAll(run(words)));
        for (var cluster : clusters.values()) {
            await().atMost(LONGEST).until(() -> !cluster.peers().isEmpty());
        }
        command.interrupt();
        command.join(LONGEST);
        return printed;
    }

    /** Without what differs from run to run. */
    private String stable(String line) {
        String stable = line.replace(kubeconfig().toString(), "kubeconfig");
        for (var cluster : clusters.entrySet()) {
            stable = stable.replace(cluster.getValue().server().address(), "https://" + cluster.getKey());
        }
        return stable.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
                .replaceAll("for (\\d+[dhms])+", "for AGE")
                .replaceAll("(\\d+[dhms])+ ago", "AGE ago");
    }
}
