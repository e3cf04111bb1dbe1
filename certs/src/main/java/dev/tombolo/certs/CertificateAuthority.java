package dev.tombolo.certs;

import dev.tombolo.model.cluster.ClusterName;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A cluster's own authority. Its etcd trusts only this one for clients, because etcd takes the user from the
 * certificate's common name and a foreign authority could certify {@code root}.
 */
public final class CertificateAuthority {
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(365);

    private static final Duration OWN_VALIDITY = Duration.ofDays(3650);

    private final X509Certificate certificate;
    private final PrivateKeyPem privateKey;
    private final Clock clock;
    private final Duration validity;

    private CertificateAuthority(
            X509Certificate certificate, PrivateKeyPem privateKey, Clock clock, Duration validity) {
        this.certificate = certificate;
        this.privateKey = privateKey;
        this.clock = clock;
        this.validity = validity;
    }

    /** Makes a new authority with a new key. */
    public static CertificateAuthority create(ClusterName cluster, Clock clock) {
        KeyPair keys = KeyForms.generate();
        var template = new CertificateTemplate(CommonNames.authority(cluster), clock.instant(), OWN_VALIDITY);
        return new CertificateAuthority(
                template.selfSigned(keys), PrivateKeyPem.of(keys.getPrivate()), clock, DEFAULT_VALIDITY);
    }

    /** The authority as it was stored. Refused if the key is not the certificate's. */
    public static CertificateAuthority load(String certificatePem, PrivateKeyPem privateKey, Clock clock)
            throws UnreadablePem {
        String where = "certificate authority";
        var certificate = Pem.certificate(where, certificatePem);
        if (certificate.getBasicConstraints() < 0) {
            throw new UnreadablePem(
                    where, "certificate " + certificate.getSubjectX500Principal(), "one of an authority");
        }
        if (!privateKey.opens(certificate.getPublicKey())) {
            throw new UnreadablePem(where, "a private key of another certificate", "the key of its certificate");
        }
        return new CertificateAuthority(certificate, privateKey, clock, DEFAULT_VALIDITY);
    }

    /** The same authority, issuing for another time. */
    public CertificateAuthority issuingFor(Duration anotherValidity) {
        return new CertificateAuthority(certificate, privateKey, clock, anotherValidity);
    }

    public String certificatePem() {
        return CertificateTemplate.pem(certificate);
    }

    public PrivateKeyPem privateKey() {
        return privateKey;
    }

    public Instant expires() {
        return certificate.getNotAfter().toInstant();
    }

    /** etcd's certificate, also used by it as a client of itself; good for the well-known names and {@code extraNames}. */
    public Credential issueServer(List<String> extraNames) {
        KeyPair keys = KeyForms.generate();
        var names = ServerNames.with(extraNames);
        return new Credential(
                CertificateTemplate.pem(
                        template(CommonNames.SERVER).server(keys.getPublic(), names, certificate, privateKey)),
                PrivateKeyPem.of(keys.getPrivate()));
    }

    /**
     * The same key, name and use certified for another term. The key stays, so that whoever reads certificate and key one
     * after the other, as etcd does at each handshake, never holds two that do not fit.
     */
    public Credential renew(Credential old) throws UnreadablePem {
        String where = "certificate to renew";
        var key = Pem.certificate(where, old.certificatePem()).getPublicKey();
        var facts = old.facts();
        if (!old.privateKey().opens(key)) {
            throw new UnreadablePem(where, "a private key of another certificate", "the key of its certificate");
        }
        var renewed = facts.names().isEmpty()
                ? client(facts.commonName(), key)
                : CertificateTemplate.pem(template(facts.commonName())
                        .server(key, ServerNames.with(facts.names()), certificate, privateKey));
        return new Credential(renewed, old.privateKey());
    }

    /** For the mesh API server, which may write everything. */
    public Credential issueAdmin(ClusterName cluster) {
        return issueClient(CommonNames.admin(cluster));
    }

    /** For the cluster's own node agents, which read. */
    public Credential issueLocal(ClusterName cluster) {
        return issueClient(CommonNames.local(cluster));
    }

    private Credential issueClient(String commonName) {
        KeyPair keys = KeyForms.generate();
        return new Credential(client(commonName, keys.getPublic()), PrivateKeyPem.of(keys.getPrivate()));
    }

    /**
     * Certifies a peer's key as {@code remote-<peer>} for client use only. Nothing of the request is taken over but the
     * key: names and extensions it asks for are ignored, another subject is refused.
     */
    public PeerSigning signPeer(String requestPem, ClusterName peer) {
        String allowed = CommonNames.remote(peer);
        try {
            var key = new PeerRequestCheck("certificate request of " + peer, allowed).check(requestPem);
            return new PeerSigning.Signed(client(allowed, key));
        } catch (PeerRequestCheck.RefusedRequest refused) {
            return new PeerSigning.Refused(refused.why());
        }
    }

    private String client(String commonName, PublicKey key) {
        return CertificateTemplate.pem(template(commonName).client(key, certificate, privateKey));
    }

    private CertificateTemplate template(String commonName) {
        return new CertificateTemplate(commonName, clock.instant(), validity);
    }
}
