package dev.tombolo.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The only place that makes X.509: subject, time and the extensions of each of the three kinds of certificate. */
record CertificateTemplate(String commonName, Instant now, Duration validity) {
    /** Clocks of clusters differ; a certificate that is valid from now on would be refused by one that is behind. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    @FunctionalInterface
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder, JcaX509ExtensionUtils ids)
                throws IOException, GeneralSecurityException;
    }

    X509Certificate selfSigned(KeyPair keys) {
        return build(subject(), keys.getPublic(), keys.getPrivate(), now.plus(validity), (builder, ids) -> {
            // No authorities below this one.
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    X509Certificate server(PublicKey key, Set<String> names, X509Certificate authority, PrivateKeyPem authorityKey) {
        return leaf(key, authority, authorityKey, (builder, ids) -> {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, false, ServerNames.encode(names));
        });
    }

    X509Certificate client(PublicKey key, X509Certificate authority, PrivateKeyPem authorityKey) {
        return leaf(
                key,
                authority,
                authorityKey,
                (builder, ids) -> builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)));
    }

    private X509Certificate leaf(
            PublicKey key, X509Certificate authority, PrivateKeyPem authorityKey, Extensions extensions) {
        Instant end = now.plus(validity);
        Instant authorityEnd = authority.getNotAfter().toInstant();
        return build(
                authority.getSubjectX500Principal(),
                key,
                authorityKey.key(),
                end.isAfter(authorityEnd) ? authorityEnd : end,
                (builder, ids) -> {
                    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                    builder.addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            ids.createAuthorityKeyIdentifier(authority.getPublicKey()));
                    extensions.addTo(builder, ids);
                });
    }

    private X509Certificate build(
            X500Principal issuer, PublicKey key, PrivateKey signer, Instant end, Extensions extensions) {
        try {
            var ids = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
                    Date.from(now.minus(CLOCK_SKEW)),
                    Date.from(end),
                    subject(),
                    key);
            builder.addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
            extensions.addTo(builder, ids);
            var signature = new JcaContentSignerBuilder(KeyForms.signatureOf(signer.getAlgorithm())).build(signer);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signature));
        } catch (IOException | GeneralSecurityException | OperatorCreationException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
    }

    private X500Principal subject() {
        return new X500Principal("CN=" + commonName);
    }

    static String pem(X509Certificate certificate) {
        try {
            return Pem.encode(Pem.CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException readBefore) {
            throw new IllegalStateException(readBefore);
        }
    }
}
