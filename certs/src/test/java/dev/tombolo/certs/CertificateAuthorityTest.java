package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.cluster.ClusterName;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ClusterName EAST = new ClusterName("east");

    private final CertificateAuthority authority = CertificateAuthority.create(EAST, CLOCK);

    @Test
    void renewingKeepsKeyNameAndUseForAnotherTerm() throws Exception {
        var later = Clock.fixed(NOW.plus(Duration.ofDays(300)), java.time.ZoneOffset.UTC);
        var successor = CertificateAuthority.load(authority.certificatePem(), authority.privateKey(), later);
        for (var old : List.of(authority.issueServer(List.of("mesh.example.com")), authority.issueAdmin(EAST))) {
            var renewed = successor.renew(old);
            assertThat(renewed.privateKey()).isEqualTo(old.privateKey());
            assertThat(renewed.facts().commonName()).isEqualTo(old.facts().commonName());
            assertThat(renewed.facts().names()).isEqualTo(old.facts().names());
            assertThat(renewed.facts().notAfter())
                    .isEqualTo(old.facts().notAfter().plus(Duration.ofDays(300)));
            assertThat(CertificateFacts.isFor("renewed", renewed.certificatePem(), old.privateKey()))
                    .isTrue();
        }
    }

    @Test
    void namesUsersAsEtcdKnowsThem() throws Exception {
        assertThat(authority.issueAdmin(EAST).facts().commonName()).isEqualTo("admin-east");
        assertThat(authority.issueLocal(EAST).facts().commonName()).isEqualTo("local-east");
        assertThat(CertificateFacts.read("test", authority.certificatePem()).commonName())
                .isEqualTo("Tombolo CA east");
    }

    @Test
    void serverIsGoodForItsWellKnownNamesAndTheExtraOnes() throws Exception {
        var server = authority.issueServer(List.of("mesh.example.com", "192.0.2.7", "2001:db8::7"));

        assertThat(server.facts().commonName()).isEqualTo("clustermesh-apiserver.tombolo-system.svc");
        assertThat(server.facts().names())
                .isEqualTo(Set.of(
                        "clustermesh-apiserver.tombolo-system.svc",
                        "clustermesh-apiserver.cilium.io",
                        "*.mesh.cilium.io",
                        "localhost",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1",
                        "mesh.example.com",
                        "192.0.2.7",
                        "2001:db8:0:0:0:0:0:7"));
        assertThat(Pem.certificate("test", server.certificatePem()).getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void everyKindOfCertificateIsAcceptedByTheJdk() throws Exception {
        var peer = (PeerSigning.Signed) authority.signPeer(
                CertificateRequest.create(new ClusterName("west")).pem(), new ClusterName("west"));
        for (String pem : List.of(
                authority.issueServer(List.of()).certificatePem(),
                authority.issueAdmin(EAST).certificatePem(),
                authority.issueLocal(EAST).certificatePem(),
                peer.certificatePem())) {
            validate(pem);
        }
    }

    private void validate(String pem) throws Exception {
        var anchor = new TrustAnchor(Pem.certificate("test", authority.certificatePem()), null);
        var parameters = new PKIXParameters(Set.of(anchor));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(Pem.certificate("test", pem)));
        assertThat(CertPathValidator.getInstance("PKIX").validate(path, parameters))
                .isNotNull();
    }

    @Test
    void issuesTheSameAfterItWasStoredAndLoaded() throws Exception {
        var key = PrivateKeyPem.read("test", authority.privateKey().pem());

        var loaded = CertificateAuthority.load(authority.certificatePem(), key, CLOCK);

        assertThat(loaded.certificatePem()).isEqualTo(authority.certificatePem());
        String issued = loaded.issueAdmin(EAST).certificatePem();
        assertThat(CertificateFacts.isSignedBy("test", issued, authority.certificatePem()))
                .isTrue();
    }

    @Test
    void refusesAKeyOfAnotherAuthority() {
        var other = CertificateAuthority.create(EAST, CLOCK);

        assertThatThrownBy(() -> CertificateAuthority.load(authority.certificatePem(), other.privateKey(), CLOCK))
                .isInstanceOf(UnreadablePem.class)
                .hasMessage("certificate authority: read a private key of another certificate, "
                        + "expected the key of its certificate");
    }

    @Test
    void refusesACertificateThatIsNoAuthority() {
        var admin = authority.issueAdmin(EAST);

        assertThatThrownBy(() -> CertificateAuthority.load(admin.certificatePem(), admin.privateKey(), CLOCK))
                .hasMessage("certificate authority: read certificate CN=admin-east, expected one of an authority");
    }

    @Test
    void nothingItIssuesOutlivesIt() throws Exception {
        var issued =
                authority.issuingFor(Duration.ofDays(36_500)).issueAdmin(EAST).facts();

        assertThat(issued.notAfter()).isEqualTo(authority.expires());
    }

    @Test
    void isValidForClustersWhoseClockIsSlightlyBehind() throws Exception {
        assertThat(authority.issueAdmin(EAST).facts().notBefore()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
    }

    @Test
    void anotherAuthoritysCertificateIsToldApart() throws Exception {
        var other = CertificateAuthority.create(EAST, CLOCK);

        String issued = other.issueAdmin(EAST).certificatePem();

        assertThat(CertificateFacts.isSignedBy("test", issued, authority.certificatePem()))
                .isFalse();
        assertThat(CertificateFacts.isFor("test", issued, authority.privateKey()))
                .isFalse();
    }

    @Test
    void neverPrintsAPrivateKey() {
        var credential = authority.issueAdmin(EAST);
        String secret = credential.privateKey().pem().split("\n")[1];

        assertThat(List.of(
                        credential.toString(),
                        credential.privateKey().toString(),
                        CertificateRequest.create(EAST).toString()))
                .allSatisfy(text ->
                        assertThat(text).contains("private key (hidden)").doesNotContain(secret));
    }

    @Test
    void saysWhatWasReadInsteadOfAKeyWithoutShowingIt() {
        String secret = authority.privateKey().pem().replace("PRIVATE KEY", "SECRET THING");

        assertThatThrownBy(() -> PrivateKeyPem.read("Secret tombolo-ca", secret))
                .hasMessage("Secret tombolo-ca: read PEM blocks [SECRET THING], "
                        + "expected one PEM block '-----BEGIN PRIVATE KEY-----'");
        assertThatThrownBy(() -> PrivateKeyPem.read("Secret tombolo-ca", "abc"))
                .hasMessageContaining("read 3 characters without a PEM block");
    }
}
