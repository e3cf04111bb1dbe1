package dev.tombolo.docs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that walks through files names files that are there. */
final class MentionedFilesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FILE = Pattern.compile(
            "`((?:[a-z0-9-]+/)+(?:[A-Za-z0-9-]+\\.(?:java|yaml|script|md))?|(?:[a-z0-9-]+/)+Dockerfile)`");

    @ParameterizedTest
    @ValueSource(strings = {"docs/development/add-a-column.md", "kind-configs/README.md"})
    void filesExist(String page) throws IOException {
        var mentioned = FILE.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(mentioned)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(ROOT.resolve(file)).exists());
    }

    /** The walk through {@code node list} is told along these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".with(\"Peers\", node -> node.status().wireguard().peers().size())",
                ".with(\"Services\", node -> node.status().globalServices())",
                "document(MeshNodeObject node)"
            })
    void theListOfNodesIsWhereThePageSays(String line) throws IOException {
        assertThat(ROOT.resolve("cli/src/main/java/dev/tombolo/cli/listing/NodeCommand.java"))
                .content()
                .contains(line);
    }
}
