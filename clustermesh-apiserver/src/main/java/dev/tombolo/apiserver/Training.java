package dev.tombolo.apiserver;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.model.cluster.ClusterName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Touches the classes that a start needs, for a cache of them to be made from (-XX:AOTCacheOutput); the network, etcd and
 * Kubernetes are left alone.
 */
final class Training {
    /** The name of the property that keeps the process's own beans away. */
    static final String PROPERTY = "training";

    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: none, user: {token: none}}]
            contexts: [{name: none, context: {cluster: none, user: none}}]
            current-context: none
            """;

    private Training() {}

    static void run() throws IOException {
        try (var context = ApplicationContext.builder()
                .banner(false)
                .properties(Map.of(PROPERTY, true))
                .start()) {
            context.getBean(EmbeddedServer.class);
            context.getBean(MeterRegistry.class);
        }
        CertificateAuthority.create(new ClusterName("west"), Clock.systemUTC()).issueServer(List.of());
        clients();
    }

    private static void clients() throws IOException {
        var file = Files.createTempFile("tombolo-training", ".yaml");
        try {
            Files.writeString(file, KUBECONFIG);
            KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(file), Optional.empty()))
                    .close();
        } finally {
            Files.delete(file);
        }
        EtcdStore.open(new EtcdAddress(List.of("http://127.0.0.1:1"), Optional.empty(), Optional.empty()))
                .close();
    }
}
