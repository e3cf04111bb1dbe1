package dev.tombolo.kube;

import dev.tombolo.kube.exec.PodCommands;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.kube.source.KubeReads;
import dev.tombolo.kube.source.KubeSources;
import dev.tombolo.kube.write.KubeWrites;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One Kubernetes API: what is read from it as tables, and the few things that are written to it. */
public final class KubeApi implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int REQUEST_MILLIS = 15_000;

    /** Few, so that an API that is down is an error and not slowness. */
    private static final int RETRIES = 2;

    private final KubernetesClient client;

    private KubeApi(KubernetesClient client) {
        this.client = client;
    }

    /** Prepares the client; nothing is sent yet. */
    public static KubeApi connect(KubeAccess access) throws IOException {
        return of(config(access));
    }

    /** A client of an API that is not there, for runs that only load the classes that a start needs. */
    public static KubeApi nowhere() {
        return of(new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:1")
                .withOauthToken("none")
                .build());
    }

    private static KubeApi of(Config base) {
        Config config = new ConfigBuilder(base)
                .withOnlyHttpWatches(true)
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(RETRIES)
                .build();
        return new KubeApi(new KubernetesClientBuilder().withConfig(config).build());
    }

    private static Config config(KubeAccess access) throws IOException {
        return switch (access) {
            case KubeAccess.InCluster() ->
                new ConfigBuilder().withAutoConfigure(true).build();
            case KubeAccess.KubeConfig(var file, var context) ->
                fromFile(file.orElseGet(KubeApi::defaultFile), context.orElse(null));
        };
    }

    private static Path defaultFile() {
        return Path.of(System.getProperty("user.home"), ".kube", "config");
    }

    private static Config fromFile(Path file, String context) throws IOException {
        if (!Files.isReadable(file)) {
            throw new KubeException(
                    "kubeconfig " + file + " cannot be read; name another with --kubeconfig or KUBECONFIG", 0, null);
        }
        KubeContexts contexts = KubeContexts.read(file);
        contexts.require(context);
        try {
            var config = Config.fromKubeconfig(file.toFile());
            return context == null ? config : Config.fromKubeconfig(context, file.toFile());
        } catch (KubernetesClientException broken) {
            throw new KubeException("kubeconfig " + file + ": " + broken.getMessage(), 0, broken);
        }
    }

    /** Asks for the version, so that an API that is not there is found before anything is begun. */
    public void mustAnswer() throws IOException {
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException silent) {
            throw new KubeException(
                    "read no answer from " + address() + " (" + KubeCall.cause(silent)
                            + "), expected a Kubernetes API server",
                    silent.getCode(),
                    silent);
        }
    }

    /** Informers that fill tables. */
    public KubeSources sources() {
        return new KubeSources(client);
    }

    /** Tables read once. */
    public KubeReads reads() {
        return new KubeReads(client);
    }

    /** What may be written. */
    public KubeWrites writes() {
        return new KubeWrites(client);
    }

    /** Commands in the containers of pods. */
    public PodCommands commands() {
        return new PodCommands(client);
    }

    /** The address the API is reached at, for messages. */
    public String address() {
        return client.getMasterUrl().toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
