package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.cluster.ClusterName;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerRequestTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final ClusterName WEST = new ClusterName("west");

    private final CertificateAuthority authority =
            CertificateAuthority.create(new ClusterName("east"), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void certifiesAPeerByItsOwnNameForClientUseOnly() throws Exception {
        var request = CertificateRequest.create(WEST);

        var certificate = signed(request.pem());

        var facts = CertificateFacts.read("test", certificate);
        assertThat(facts.commonName()).isEqualTo("remote-west");
        assertThat(facts.issuer()).isEqualTo("Tombolo CA east");
        assertThat(facts.notAfter()).isEqualTo(NOW.plus(CertificateAuthority.DEFAULT_VALIDITY));
        assertThat(CertificateFacts.isFor("test", certificate, request.privateKey()))
                .isTrue();
        assertThat(x509(certificate).getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(x509(certificate).getBasicConstraints()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=root",
                "CN=admin-east",
                "CN=local-east",
                "CN=remote-north",
                "CN=remote-west-2",
                "CN=Remote-West",
                "CN=remote-west,CN=root",
                "CN=root,CN=remote-west",
                "CN=remote-west+O=system:masters",
                "O=remote-west",
                "CN=remote-west,O=any"
            })
    void refusesEveryOtherSubject(String subject) throws Exception {
        var keys = ecKeys();

        assertThat(refused(request(subject, keys, keys).getEncoded()))
                .isEqualTo(new Invalid(
                        "certificate request of west",
                        Reason.WRONG_CLUSTER,
                        "subject "
                                + org.bouncycastle.asn1.x500.X500Name.getInstance(
                                        new X500Principal(subject).getEncoded()),
                        "subject CN=remote-west"));
    }

    @Test
    void takesOverNoNameOrExtensionThatIsAskedFor() throws Exception {
        var keys = ecKeys();
        var wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        wishes.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "root")));
        var request = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=remote-west"), keys.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));

        var certificate = signed(Pem.encode(Pem.REQUEST, request.getEncoded()));

        assertThat(x509(certificate).getBasicConstraints()).isEqualTo(-1);
        assertThat(CertificateFacts.read("test", certificate).names()).isEmpty();
    }

    @Test
    void refusesARequestThatItsKeyDidNotSign() throws Exception {
        var stolen = request("CN=remote-west", ecKeys(), ecKeys());

        assertThat(refused(stolen.getEncoded()).read()).isEqualTo("a signature that does not match");
    }

    @Test
    void refusesAWeakKey() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        var weak = generator.generateKeyPair();
        var request = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=remote-west"), weak.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(weak.getPrivate()));

        assertThat(refused(request.getEncoded()).read()).isEqualTo("a key of kind RSA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\n!!!!\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThat(authority.signPeer(text, WEST))
                .isInstanceOfSatisfying(
                        PeerSigning.Refused.class,
                        refused -> assertThat(refused.why().reason()).isEqualTo(Reason.MALFORMED));
    }

    @Test
    void refusesARequestWithAnyByteChanged() throws Exception {
        byte[] good =
                Pem.only("test", Pem.REQUEST, CertificateRequest.create(WEST).pem());

        for (int i = 0; i < good.length; i++) {
            byte[] changed = good.clone();
            changed[i] ^= 0x41;
            assertThat(authority.signPeer(Pem.encode(Pem.REQUEST, changed), WEST))
                    .as("byte %s", i)
                    .isInstanceOf(PeerSigning.Refused.class);
        }
    }

    @Test
    void refusesAHugeTextWithoutParsingIt() {
        assertThat(authority.signPeer("-----BEGIN CERTIFICATE REQUEST-----\n" + "A".repeat(2_000_000), WEST))
                .isInstanceOfSatisfying(
                        PeerSigning.Refused.class,
                        refused -> assertThat(refused.why().read()).isEqualTo("2000036 characters"));
    }

    private String signed(String request) {
        return ((PeerSigning.Signed) authority.signPeer(request, WEST)).certificatePem();
    }

    private Invalid refused(byte[] request) {
        return ((PeerSigning.Refused) authority.signPeer(Pem.encode(Pem.REQUEST, request), WEST)).why();
    }

    private static X509Certificate x509(String pem) throws UnreadablePem {
        return Pem.certificate("test", pem);
    }

    private static KeyPair ecKeys() {
        return KeyForms.generate();
    }

    private static org.bouncycastle.pkcs.PKCS10CertificationRequest request(
            String subject, KeyPair shown, KeyPair signer) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Principal(subject), shown.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()));
    }
}
