package dev.tombolo.apiserver;

import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.TlsMaterial;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Constructs the process. */
@Factory
@Requires(missingProperty = Training.PROPERTY)
final class ApiServerModule {
    private static final String ETCD = "https://127.0.0.1:2379";

    @Context
    MeshConfig config(Environment environment) {
        return Configuration.read(environment);
    }

    @Context
    @Bean(preDestroy = "close")
    ApiServer apiServer(MeshConfig config) throws IOException {
        Map<String, String> environment = System.getenv();
        String namespace = namespace(environment);
        var kube = KubeApi.connect(KubeAccess.detect(environment));
        var certificates = certificates(config, kube, environment);
        var material = new AtomicReference<>(certificates.ensure());
        var etcd = new EtcdAddress(
                List.of(environment.getOrDefault("TOMBOLO_ETCD", ETCD)),
                Optional.empty(),
                Optional.of(() -> new TlsMaterial(
                        material.get().authority().certificatePem(),
                        material.get().admin().certificatePem(),
                        material.get().admin().privateKey().pem())));
        String candidate = environment.getOrDefault("POD_NAME", "clustermesh-apiserver");
        return new ApiServer(config, kube, etcd, certificates, material, namespace, candidate).start();
    }

    @Context
    @Bean(preDestroy = "close")
    AddressMetrics addressMetrics(ApiServer server, MeterRegistry metrics) {
        var tables = server.tables();
        return new AddressMetrics(tables.addressPools(), tables.services(), metrics).start();
    }

    static MeshCertificates certificates(MeshConfig config, KubeApi kube, Map<String, String> environment) {
        var secrets = new NamespacedSecrets(kube.writes().secrets(), namespace(environment));
        var files = new PemFiles(Path.of(environment.getOrDefault("TOMBOLO_TLS_DIR", "/var/run/tombolo/tls")));
        return new MeshCertificates(config.self().name(), secrets, files, Clock.systemUTC());
    }

    private static String namespace(Map<String, String> environment) {
        return environment.getOrDefault("POD_NAMESPACE", "tombolo-system");
    }
}
