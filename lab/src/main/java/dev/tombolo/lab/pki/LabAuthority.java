package dev.tombolo.lab.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate authority of one lab cluster's API server, made anew for each lab. */
public final class LabAuthority {
    private static final Duration VALID = Duration.ofDays(365);
    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A key with its certificate, both as PEM. */
    public record Identity(String certificate, String key) {}

    public LabAuthority(String cluster) throws GeneralSecurityException, IOException {
        name = new X500Name("CN=" + cluster + "-ca");
        keys = newKeys();
        certificate = sign(
                name,
                keys,
                builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    }

    private interface Extensions {
        void add(X509v3CertificateBuilder builder) throws IOException;
    }

    public String certificate() throws IOException {
        return pem(certificate);
    }

    /** A client; the group system:masters may do everything. */
    public Identity client(String user) throws GeneralSecurityException, IOException {
        // RSA, as kubeadm and kind do: a kubeconfig does not name the algorithm, and fabric8 assumes this one.
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair own = generator.generateKeyPair();
        X509Certificate signed = sign(
                new X500Name("O=system:masters,CN=" + user),
                own,
                b -> b.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)));
        return new Identity(pem(signed), pem(new JcaPKCS8Generator(own.getPrivate(), null)));
    }

    /** A TLS context for a server with these addresses; clients' certificates are trusted when this authority signed them. */
    public SSLContext server(List<String> addresses) throws GeneralSecurityException, IOException {
        KeyPair own = newKeys();
        GeneralName[] names = Stream.concat(
                        addresses.stream().map(a -> new GeneralName(GeneralName.iPAddress, a)),
                        Stream.of("kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost")
                                .map(n -> new GeneralName(GeneralName.dNSName, n)))
                .toArray(GeneralName[]::new);
        X509Certificate signed = sign(new X500Name("CN=kube-apiserver"), own, b -> {
            b.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            b.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        });
        KeyStore store = emptyStore();
        store.setKeyEntry("server", own.getPrivate(), new char[0], new X509Certificate[] {signed, certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust().getTrustManagers(), null);
        return context;
    }

    private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("ca", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private X509Certificate sign(X500Name subject, KeyPair subjectKeys, Extensions extensions)
            throws GeneralSecurityException, IOException {
        // A little in the past: machines' clocks differ.
        Instant from = Instant.now().minus(Duration.ofHours(1));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(120, new SecureRandom()),
                Date.from(from),
                Date.from(from.plus(VALID)),
                subject,
                subjectKeys.getPublic());
        extensions.add(builder);
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("signing of " + subject, e);
        }
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
