package dev.tombolo.apiserver.mirror;

import dev.tombolo.apiserver.certificates.MeshCertificates.SecretStore;
import dev.tombolo.certs.CertificateFacts;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How peers' etcds are reached: under the name Cilium gives them, with our key and the certificate that the peer signed.
 * The peer puts renewed certificates into its etcd; they are fetched, kept in a Secret and used from then on.
 */
public final class PeerSources implements LocalMirrors.Reach {
    private static final String CERTIFICATE = "tls.crt";

    private final ClusterName self;
    private final CertificateRequest remote;
    private final SecretStore secrets;
    private final Clock clock;
    private final Map<String, String> certificates = new ConcurrentHashMap<>();
    private final Map<String, KvStore> connected = new ConcurrentHashMap<>();
    private final Map<String, String> inUse = new ConcurrentHashMap<>();

    public PeerSources(ClusterName self, CertificateRequest remote, SecretStore secrets, Clock clock) {
        this.self = self;
        this.remote = remote;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Empty while the declaration lacks endpoints, authority or certificate. */
    @Override
    public Optional<StoreSource> source(MeshPeerObject peer) {
        var spec = peer.spec();
        if (spec.endpoints().isEmpty()
                || spec.certificateAuthority().isEmpty()
                || spec.clientCertificate().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(() -> {
            requireValid(peer);
            return EtcdStore.open(new EtcdAddress(
                    spec.endpoints(), Optional.of(peer.name() + ".mesh.cilium.io"), Optional.of(() -> material(peer))));
        });
    }

    /** The peer's etcd says no more than "bad certificate"; which one and why is known only here. */
    private void requireValid(MeshPeerObject peer) throws KvException {
        String certificate = newest(peer.spec(), stored(peer.name()));
        if (isOver(certificate)) {
            throw new KvException(
                    KvException.Kind.TLS,
                    KvException.Detail.CERTIFICATE_EXPIRED,
                    "our client certificate for " + peer.name()
                            + " has expired; `tombolo clustermesh connect` fetches a new one",
                    null);
        }
        inUse.put(peer.name(), certificate);
    }

    /** Whether the connection rests on a certificate that is over, and a newer one is there. */
    @Override
    public boolean needsReconnection(MeshPeerObject peer) {
        String used = inUse.get(peer.name());
        if (used == null || !isOver(used)) {
            return false;
        }
        String newest = newest(peer.spec(), stored(peer.name()));
        return !newest.equals(used) && !isOver(newest);
    }

    private boolean isOver(String certificate) {
        try {
            return !clock.instant()
                    .isBefore(CertificateFacts.read("client certificate", certificate)
                            .notAfter());
        } catch (IOException unreadable) {
            return false; // The handshake says what is wrong with it.
        }
    }

    @Override
    public void connected(String peer, KvStore store) {
        connected.put(peer, store);
    }

    /** Fetches renewed certificates from the peers that are connected. Called by one thread. */
    public void fetchRenewed() throws IOException {
        IOException failure = null;
        for (var peer : connected.entrySet()) {
            try {
                var offered =
                        peer.getValue().get(MeshKeys.issuedCertificate(self)).map(Value::text);
                if (offered.isPresent() && !offered.get().equals(certificates.get(peer.getKey()))) {
                    keep(peer.getKey(), offered.get());
                }
            } catch (KvException lost) {
                // The mirror reports a lost connection; here it only means: later.
                connected.remove(peer.getKey(), peer.getValue());
            } catch (IOException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void keep(String peer, String pem) throws IOException {
        if (CertificateFacts.isFor("certificate from " + peer, pem, remote.privateKey())) {
            secrets.put(secret(peer), Map.of(CERTIFICATE, pem.getBytes(StandardCharsets.UTF_8)));
            certificates.put(peer, pem);
        }
    }

    private TlsMaterial material(MeshPeerObject peer) {
        return new TlsMaterial(
                peer.spec().certificateAuthority(),
                newest(peer.spec(), stored(peer.name())),
                remote.privateKey().pem());
    }

    private Optional<String> stored(String peer) {
        try {
            String known = certificates.get(peer);
            if (known == null) {
                var data = secrets.read(secret(peer)).map(found -> found.get(CERTIFICATE));
                data.ifPresent(pem -> certificates.put(peer, new String(pem, StandardCharsets.UTF_8)));
            }
            return Optional.ofNullable(certificates.get(peer));
        } catch (IOException unreachable) {
            return Optional.empty();
        }
    }

    private String newest(MeshPeerObject.Spec spec, Optional<String> stored) {
        String declared = spec.clientCertificate();
        try {
            if (stored.isPresent()
                    && CertificateFacts.isSignedBy("stored certificate", stored.get(), spec.certificateAuthority())
                    && CertificateFacts.isFor("stored certificate", stored.get(), remote.privateKey())
                    && CertificateFacts.read("stored certificate", stored.get())
                            .notBefore()
                            .isAfter(CertificateFacts.read("declared certificate", declared)
                                    .notBefore())) {
                return stored.get();
            }
        } catch (IOException unreadable) {
            return declared;
        }
        return declared;
    }

    private static String secret(String peer) {
        return "clustermesh-apiserver-remote-cert-" + peer;
    }
}
