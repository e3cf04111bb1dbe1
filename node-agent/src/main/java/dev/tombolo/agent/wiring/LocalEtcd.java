package dev.tombolo.agent.wiring;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The mesh's etcd of this cluster: found by its Service, trusted and spoken to by the certificates of its Secret. */
final class LocalEtcd implements StoreSource {
    private static final ObjectKey SERVICE = new ObjectKey("tombolo-system", "clustermesh-apiserver");
    private static final String SERVER_NAME = "clustermesh-apiserver.tombolo-system.svc";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private final Path tls;
    private final Table<ObjectKey, KubeService> services;

    LocalEtcd(Path tls, Table<ObjectKey, KubeService> services) {
        this.tls = tls;
        this.services = services;
    }

    @Override
    public KvStore open() throws KvException {
        awaitFirstList();
        var address = services.snapshot()
                .get(SERVICE)
                .flatMap(service ->
                        service.clusterIps().stream().filter(ip -> ip.isV4()).findFirst());
        if (address.isEmpty()) {
            throw new KvException(KvException.Kind.UNREACHABLE, "the mesh is not enabled: no Service " + SERVICE);
        }
        if (!Files.isReadable(tls.resolve("tls.key"))) {
            throw new KvException(
                    KvException.Kind.TLS,
                    "the certificate of Secret clustermesh-apiserver-local-cert is not in " + tls + " yet");
        }
        return EtcdStore.open(new EtcdAddress(
                List.of("https://" + address.get() + ":2379"), Optional.of(SERVER_NAME), Optional.of(this::material)));
    }

    /** At a start Kubernetes has not been read yet; to fail and to be tried again later would make the start longer. */
    private void awaitFirstList() throws KvException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        try {
            var seen = services.snapshot();
            while (!seen.initialized() && System.nanoTime() < end) {
                services.awaitChange(seen.revision(), LONGEST_WAIT);
                seen = services.snapshot();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new KvException(KvException.Kind.UNREACHABLE, "closed before Kubernetes was read");
        }
    }

    private TlsMaterial material() {
        try {
            return new TlsMaterial(read("ca.crt"), read("tls.crt"), read("tls.key"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String read(String file) throws IOException {
        return Files.readString(tls.resolve(file));
    }
}
