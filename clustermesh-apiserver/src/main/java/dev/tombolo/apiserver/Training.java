package dev.tombolo.apiserver;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.kube.KubeTraining;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.model.cluster.ClusterName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Touches the classes that a start needs, for a cache of them to be made from (-XX:AOTCacheOutput); the network, etcd and
 * Kubernetes are left alone.
 */
final class Training {
    /** The name of the property that keeps the process's own beans away. */
    static final String PROPERTY = "training";

    private Training() {}

    /** @param classes a file with names of classes to load besides; each is of no use where it is missing */
    static void run(Path classes) throws IOException, InterruptedException {
        try (var context = ApplicationContext.builder()
                .banner(false)
                .properties(Map.of(PROPERTY, true))
                .start()) {
            context.getBean(EmbeddedServer.class);
            context.getBean(MeterRegistry.class);
        }
        CertificateAuthority.create(new ClusterName("west"), Clock.systemUTC()).issueServer(List.of());
        KubeTraining.run(classes);
        EtcdStore.open(EtcdAddress.plain("http://127.0.0.1:1")).close();
    }
}
