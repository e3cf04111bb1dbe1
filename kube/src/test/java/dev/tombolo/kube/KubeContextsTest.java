package dev.tombolo.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubeContextsTest {
    private static final String CONFIG = """
            apiVersion: v1
            kind: Config
            contexts:
              - {name: west, context: {cluster: c, user: u}}
              - {name: east, context: {cluster: c, user: u}}
            clusters: [{name: c, cluster: {server: 'https://192.0.2.1:6443'}}]
            users: [{name: u, user: {token: t}}]
            """;

    @TempDir
    private Path directory;

    @Test
    void aMissingContextIsAnsweredWithThoseThatAreThere() throws IOException {
        Path file = Files.writeString(directory.resolve("config"), CONFIG);
        assertThatThrownBy(() -> connect(file, "north"))
                .isInstanceOf(KubeException.class)
                .hasMessage("kubeconfig " + file + " has no context \"north\"; it has [west, east]");
    }

    @Test
    void withoutACurrentContextOneHasToBeNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("config"), CONFIG);
        assertThatThrownBy(() -> connect(file, null)).hasMessageContaining("has no current context; name one of");
        try (var api = connect(file, "west")) {
            assertThat(api.address()).isEqualTo("https://192.0.2.1:6443/");
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> connect(directory.resolve("none"), null))
                .hasMessageContaining("none cannot be read; name another with --kubeconfig");
    }

    @Test
    void aFileThatIsNoKubeconfigIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("config"), "contexts: 3");
        assertThatThrownBy(() -> connect(file, null)).hasMessageStartingWith("kubeconfig " + file + " is not valid");
    }

    @Test
    void theEnvironmentsKubeconfigGoesBeforeThePodsAccount() {
        assertThat(KubeAccess.detect(Map.of("KUBECONFIG", "/x", "KUBERNETES_SERVICE_HOST", "10.96.0.1")))
                .isEqualTo(new KubeAccess.KubeConfig(Optional.of(Path.of("/x")), Optional.empty()));
    }

    private static KubeApi connect(Path file, String context) throws IOException {
        return KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(file), Optional.ofNullable(context)));
    }
}
