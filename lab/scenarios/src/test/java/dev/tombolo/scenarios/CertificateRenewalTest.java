package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.certs.Credential;
import dev.tombolo.certs.PeerSigning;
import dev.tombolo.certs.PrivateKeyPem;
import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.programs.Shop;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates that are past two thirds of their life are made anew while requests run. */
@ExtendWith(InMeshLab.class)
class CertificateRenewalTest {
    private static final Duration LIFE = Duration.ofDays(10);
    private static final Duration AGE = Duration.ofDays(9);
    private static final ClusterName CLUSTER1 = new ClusterName("cluster1");

    @Test
    void losesNoRequest(MeshLab lab) throws IOException {
        var authority = agedAuthority(lab);
        var load = lab.shop.startLoadUntilAsked(2, 100);
        String server = replace(lab, "server", authority.issueServer(java.util.List.of()));
        String admin = replace(lab, "admin", authority.issueAdmin(CLUSTER1));
        String local = replace(lab, "local", authority.issueLocal(CLUSTER1));
        String ofPeer = replaceIssued(lab, authority);
        lab.signal("kill", 1, "clustermesh-apiserver", "apiserver");
        MeshLab.await(
                "the certificates to be renewed",
                () -> !certificate(lab, "server").equals(server)
                        && !certificate(lab, "admin").equals(admin)
                        && !certificate(lab, "local").equals(local)
                        && !issued(lab).equals(ofPeer));
        MeshLab.await(
                "etcd to serve with the new one",
                () -> served(lab).strip().equals(certificate(lab, "server").strip()));
        MeshLab.await(
                "the peer to be handed its own",
                () -> EtcdUser.admin(lab, 1)
                        .value("tombolo/peer/cluster2/certificate")
                        .equals(issued(lab).strip()));
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
    }

    /** Cluster1's own authority, issuing what has lived for nine days out of ten. */
    private static CertificateAuthority agedAuthority(MeshLab lab) throws IOException {
        var then = Clock.offset(Clock.systemUTC(), AGE.negated());
        var key = PrivateKeyPem.read("tombolo-ca", lab.secret(1, "tombolo-ca", "ca.key"));
        return CertificateAuthority.load(lab.secret(1, "tombolo-ca", "ca.crt"), key, then)
                .issuingFor(LIFE);
    }

    private static String replace(MeshLab lab, String user, Credential aged) {
        lab.patch(
                1,
                "secret",
                "clustermesh-apiserver-" + user + "-cert",
                "{\"data\":{\"tls.crt\":\"" + base64(aged.certificatePem()) + "\",\"tls.key\":\""
                        + base64(aged.privateKey().pem()) + "\"}}",
                "-n",
                MeshLab.SYSTEM);
        return aged.certificatePem();
    }

    private static String replaceIssued(MeshLab lab, CertificateAuthority authority) {
        String request = lab.get(1, "meshpeer", "cluster2")
                .at("/spec/certificateRequest")
                .asText();
        var signed = (PeerSigning.Signed) authority.signPeer(request, new ClusterName("cluster2"));
        lab.patch(
                1,
                "meshpeer",
                "cluster2",
                "{\"status\":{\"issuedCertificate\":\""
                        + signed.certificatePem().replace("\n", "\\n") + "\"}}",
                "--subresource=status");
        return signed.certificatePem();
    }

    private static String certificate(MeshLab lab, String user) {
        return lab.secret(1, "clustermesh-apiserver-" + user + "-cert", "tls.crt");
    }

    private static String issued(MeshLab lab) {
        return lab.get(1, "meshpeer", "cluster2")
                .at("/status/issuedCertificate")
                .asText();
    }

    /** The certificate that etcd shows to whoever connects. */
    private static String served(MeshLab lab) {
        String endpoint = lab.get(1, "clustermesh", "cluster")
                .at("/status/endpoints/0")
                .asText()
                .replace("https://", "");
        try {
            return Commands.script(
                    "ip netns exec %s openssl s_client -connect %s < /dev/null 2> /dev/null | openssl x509"
                            .formatted(lab.home.namespace("cluster2-node1"), endpoint));
        } catch (IOException notNow) {
            return "";
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
