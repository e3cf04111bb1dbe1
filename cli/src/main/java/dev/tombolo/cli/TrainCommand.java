package dev.tombolo.cli;

import dev.tombolo.deploy.InstallSettings;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Loads what other commands load, for the ahead-of-time cache; asks an API that is not there. */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: nowhere
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
            clusters: [{name: nowhere, cluster: {server: 'https://127.0.0.1:1'}}]
            users: [{name: nobody, user: {token: none}}]
            """;

    private final Session session;

    TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        var options = InstallSettings.read(Map.of(), List.of("cluster.name=a", "cluster.id=1"));
        if (!(options instanceof InstallSettings.Outcome.Accepted(var accepted))) {
            throw new IllegalStateException(options.toString());
        }
        Path file = Files.createTempFile("tombolo-train", ".yaml");
        try {
            Files.writeString(file, KUBECONFIG);
            ask(new KubeAccess.KubeConfig(Optional.of(file), Optional.empty()), Manifests.agent(accepted));
        } finally {
            Files.delete(file);
        }
        session.console().line("trained");
        return 0;
    }

    private static void ask(KubeAccess access, String manifest) {
        try (var api = KubeApi.connect(access)) {
            api.writes().manifests().apply(manifest);
            api.mustAnswer();
        } catch (IOException expected) {
            // Nobody listens there: the classes are loaded, and that was all.
        }
    }
}
