package dev.tombolo.docs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page says that the programs say is what they say. */
class TroubleshootingTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @Test
    void everyMessageOfThePageIsOneOfTheCode() throws IOException {
        String code = code();
        List<String> unknown =
                messages().stream().filter(message -> !code.contains(message)).toList();
        assertThat(unknown).isEmpty();
        assertThat(messages()).hasSizeGreaterThan(20);
    }

    /** The first of the quoted words in the first column of each table, and in cells of two messages both. */
    private static List<String> messages() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/guides/troubleshooting.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.indexOf(" | ")))
                .flatMap(cell -> QUOTED.matcher(cell).results().map(MatchResult::group))
                .map(quoted -> quoted.replace("`", ""))
                .filter(message -> !Character.isDigit(message.charAt(0)))
                .toList();
    }

    private static boolean isCode(Path path) {
        return path.toString().endsWith(".java") || path.toString().endsWith(".h");
    }

    /** Without the seams between the pieces of a message. */
    private static String code() throws IOException {
        var text = new StringBuilder();
        for (String module : List.of("cli", "node-agent", "kube", "egress-gateway", "bgp", "bpf")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main"))) {
                for (Path file : files.filter(TroubleshootingTest::isCode).toList()) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString().replaceAll("\"\\s*\\+\\s*\"", "").replace("\" + Manifests.AGENT + \"", "tombolo-agent");
    }
}
