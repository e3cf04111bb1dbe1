package dev.tombolo.kube.exec;

import dev.tombolo.kube.KubeException;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Commands in the containers of pods, as {@code kubectl exec} runs them. */
public final class PodCommands {
    private final KubernetesClient client;

    public PodCommands(KubernetesClient client) {
        this.client = client;
    }

    /** Where a command runs. */
    public record Place(ObjectKey pod, String container) {}

    /**
     * Returns the command's exit code when it ends. Its input stays open until then, and ends with this process: what
     * runs on for long has to look at that.
     *
     * @param out takes the lines that it prints, on a thread of the client
     * @param err takes the lines of its complaints
     */
    public int run(Place place, List<String> command, Consumer<String> out, Consumer<String> err) throws IOException {
        String what = "running " + command.getFirst() + " in " + place.pod();
        var pod = client.pods()
                .inNamespace(place.pod().namespace())
                .withName(place.pod().name())
                .inContainer(place.container());
        try (var printed = new LineSplitter(out);
                var complained = new LineSplitter(err)) {
            try (var running = KubeCall.call(
                    what,
                    () -> pod.redirectingInput()
                            .writingOutput(printed)
                            .writingError(complained)
                            .exec(command.toArray(String[]::new)))) {
                return code(what, running.exitCode().get());
            }
        } catch (ExecutionException broken) {
            throw failure(what, broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static int code(String what, Integer code) throws KubeException {
        if (code == null || code < 0) {
            throw new KubeException(what + " failed: the connection ended before the command did", 0, null);
        }
        return code;
    }

    private static KubeException failure(String what, Throwable cause) {
        return cause instanceof KubernetesClientException refused
                ? new KubeException(what + " failed: " + KubeCall.cause(refused), refused.getCode(), refused)
                : new KubeException(what + " failed: " + cause.getMessage(), 0, cause);
    }
}
