package dev.tombolo.docs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every page of {@code docs/reference} is what the code says now. */
final class ReferencePagesTest {
    private static final String NOTE =
            "<!-- Made from the code; do not edit. UPDATE_REFERENCES=1 ./mvnw -pl docs -am test makes it again. -->\n\n";

    @Test
    void commandLine() throws IOException {
        isCurrent("cli.md", CliReference.page());
    }

    @Test
    void configuration() throws IOException {
        isCurrent("configuration.md", ConfigurationReference.page());
    }

    @Test
    void etcdKeys() throws IOException {
        isCurrent("etcd-keys.md", EtcdKeysReference.page());
    }

    @Test
    void maps() throws IOException {
        isCurrent("maps.md", MapsReference.page());
    }

    @Test
    void metrics() throws IOException {
        isCurrent("metrics.md", MetricsReference.page());
    }

    private static void isCurrent(String name, String page) throws IOException {
        Path file = Path.of("reference", name);
        if ("1".equals(System.getenv("UPDATE_REFERENCES"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, NOTE + page);
        }
        assertThat(file)
                .as(
                        "docs/%s is not what the code says; run UPDATE_REFERENCES=1 ./mvnw -pl docs -am test, and commit",
                        file)
                .exists()
                .content()
                .isEqualTo(NOTE + page);
    }
}
