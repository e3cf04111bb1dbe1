package dev.tombolo.apiserver.certificates;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.certs.CertificateFacts;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.certs.CommonNames;
import dev.tombolo.certs.Credential;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.certs.PemSet;
import dev.tombolo.certs.PrivateKeyPem;
import dev.tombolo.certs.RenewalPlan;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The cluster's certificates: kept in Secrets, written as files where etcd reads them at each handshake. A certificate
 * that is missing, not of our authority or due for renewal is made anew; calling it again changes nothing else.
 */
public final class MeshCertificates {
    public static final String AUTHORITY = "tombolo-ca";
    public static final String SERVER = "clustermesh-apiserver-server-cert";
    public static final String ADMIN = "clustermesh-apiserver-admin-cert";
    public static final String LOCAL = "clustermesh-apiserver-local-cert";
    public static final String REMOTE_KEY = "clustermesh-apiserver-remote-key";
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String AUTHORITY_CERTIFICATE = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String REQUEST = "tls.csr";

    private final ClusterName self;
    private final SecretStore secrets;
    private final PemFiles files;
    private final Clock clock;
    private final Duration validity;

    /** Secrets of the product's own namespace, by name. */
    public interface SecretStore {
        Optional<Map<String, byte[]>> read(String name) throws IOException;

        /** False when there is one already. */
        boolean createIfAbsent(String name, Map<String, byte[]> data) throws IOException;

        void put(String name, Map<String, byte[]> data) throws IOException;
    }

    /** Everything that the process works with. */
    public record Material(CertificateAuthority authority, Credential admin, CertificateRequest remote) {}

    public MeshCertificates(ClusterName self, SecretStore secrets, PemFiles files, Clock clock) {
        this(self, secrets, files, clock, CertificateAuthority.DEFAULT_VALIDITY);
    }

    /** @param validity of the certificates that are issued, not of the authority */
    public MeshCertificates(ClusterName self, SecretStore secrets, PemFiles files, Clock clock, Duration validity) {
        this.self = self;
        this.secrets = secrets;
        this.files = files;
        this.clock = clock;
        this.validity = validity;
    }

    /** Makes what is missing or due, and writes the files. */
    public Material ensure() throws IOException {
        var authority = authority();
        var server = credential(SERVER, CommonNames.SERVER, authority, () -> authority.issueServer(List.of()));
        var admin = credential(ADMIN, CommonNames.admin(self), authority, () -> authority.issueAdmin(self));
        credential(LOCAL, CommonNames.local(self), authority, () -> authority.issueLocal(self));
        files.replace(PemSet.EMPTY
                .withCertificate("ca", authority.certificatePem())
                .with("server", server)
                .with("admin", admin));
        return new Material(authority, admin, remote());
    }

    private CertificateAuthority authority() throws IOException {
        var stored = secrets.read(AUTHORITY);
        if (stored.isEmpty()) {
            var fresh = CertificateAuthority.create(self, clock);
            var data = new LinkedHashMap<String, byte[]>();
            data.put(AUTHORITY_CERTIFICATE, bytes(fresh.certificatePem()));
            data.put(AUTHORITY_KEY, bytes(fresh.privateKey().pem()));
            secrets.createIfAbsent(AUTHORITY, data);
            // Whoever was first decides: two authorities in one cluster would refuse each other.
            stored = secrets.read(AUTHORITY);
        }
        var data = stored.orElseThrow(() -> new IOException("Secret " + AUTHORITY + " was deleted while it was read"));
        return CertificateAuthority.load(
                        text(AUTHORITY, data, AUTHORITY_CERTIFICATE),
                        PrivateKeyPem.read("Secret " + AUTHORITY, text(AUTHORITY, data, AUTHORITY_KEY)),
                        clock)
                .issuingFor(validity);
    }

    private Credential credential(
            String name, String commonName, CertificateAuthority authority, Supplier<Credential> issue)
            throws IOException {
        var stored = stored(name, commonName);
        if (stored.isPresent() && isGood(name, stored.get(), authority)) {
            return stored.get();
        }
        Credential fresh = stored.isPresent() ? authority.renew(stored.get()) : issue.get();
        var data = new LinkedHashMap<String, byte[]>();
        data.put(CERTIFICATE, bytes(fresh.certificatePem()));
        data.put(KEY, bytes(fresh.privateKey().pem()));
        data.put(AUTHORITY_CERTIFICATE, bytes(authority.certificatePem()));
        secrets.put(name, data);
        return fresh;
    }

    /** What can be used or renewed; anything else is made from nothing. */
    private Optional<Credential> stored(String name, String commonName) throws IOException {
        var data = secrets.read(name);
        if (data.isEmpty()) {
            return Optional.empty();
        }
        try {
            var credential = read(name, data.get());
            boolean fits = credential.facts().commonName().equals(commonName)
                    && CertificateFacts.isFor(name, credential.certificatePem(), credential.privateKey());
            return fits ? Optional.of(credential) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private boolean isGood(String name, Credential credential, CertificateAuthority authority) throws IOException {
        return CertificateFacts.isSignedBy(name, credential.certificatePem(), authority.certificatePem())
                && !RenewalPlan.isDue(credential.facts(), clock.instant());
    }

    private CertificateRequest remote() throws IOException {
        var stored = secrets.read(REMOTE_KEY);
        if (stored.isEmpty()) {
            var fresh = CertificateRequest.create(self);
            var data = new LinkedHashMap<String, byte[]>();
            data.put(REQUEST, bytes(fresh.pem()));
            data.put(KEY, bytes(fresh.privateKey().pem()));
            secrets.createIfAbsent(REMOTE_KEY, data);
            stored = secrets.read(REMOTE_KEY);
        }
        var data = stored.orElseThrow(() -> new IOException("Secret " + REMOTE_KEY + " was deleted while it was read"));
        return new CertificateRequest(
                text(REMOTE_KEY, data, REQUEST),
                PrivateKeyPem.read("Secret " + REMOTE_KEY, text(REMOTE_KEY, data, KEY)));
    }

    private static Credential read(String name, Map<String, byte[]> data) throws IOException {
        return new Credential(
                text(name, data, CERTIFICATE), PrivateKeyPem.read("Secret " + name, text(name, data, KEY)));
    }

    private static String text(String secret, Map<String, byte[]> data, String key) throws IOException {
        byte[] bytes = data.get(key);
        if (bytes == null) {
            throw new IOException("Secret " + secret + " has no key " + key + "; delete it to have it made anew");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
