package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we make is read by OpenSSL and Go as well as by the JDK. */
class OpenSslTest {
    private static final ClusterName EAST = new ClusterName("east");

    @TempDir
    Path directory;

    private final CertificateAuthority authority = CertificateAuthority.create(EAST, Clock.systemUTC());

    @BeforeEach
    void write() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "skipped: openssl is not installed");
        write(PemSet.EMPTY);
    }

    private void write(PemSet more) throws Exception {
        var all = more.withCertificate("ca", authority.certificatePem())
                .with("server", authority.issueServer(List.of()))
                .with("admin", authority.issueAdmin(EAST));
        new PemFiles(directory).replace(all);
    }

    @Test
    void acceptsTheServerForItsNames() throws Exception {
        for (String name : List.of("localhost", "clustermesh-apiserver.tombolo-system.svc", "east.mesh.cilium.io")) {
            assertThat(openssl("verify -x509_strict -purpose sslserver -CAfile ca.crt -verify_hostname " + name
                            + " server.crt"))
                    .isEqualTo("server.crt: OK\n");
        }
        assertThat(openssl("verify -x509_strict -purpose sslserver -CAfile ca.crt -verify_ip ::1 server.crt"))
                .isEqualTo("server.crt: OK\n");
    }

    @Test
    void acceptsClientsAsClientsOnly() throws Exception {
        assertThat(openssl("verify -x509_strict -purpose sslclient -CAfile ca.crt admin.crt"))
                .isEqualTo("admin.crt: OK\n");
        assertThat(openssl("verify -purpose sslserver -CAfile ca.crt admin.crt"))
                .contains("certificate purpose", "verification failed");
    }

    @Test
    void refusesWhatAnotherAuthorityIssued() throws Exception {
        var other = CertificateAuthority.create(EAST, Clock.systemUTC());
        write(PemSet.EMPTY.with("foreign", other.issueAdmin(EAST)));

        assertThat(openssl("verify -CAfile ca.crt foreign.crt")).contains("verification failed");
    }

    @Test
    void keyAndRequestAreReadable() throws Exception {
        var request = CertificateRequest.create(EAST);
        Files.writeString(directory.resolve("request.pem"), request.pem());

        assertThat(openssl("pkey -in admin.key -noout -check")).contains("Key is valid");
        assertThat(openssl("req -in request.pem -noout -verify -subject"))
                .contains("Certificate request self-signature verify OK")
                .contains("subject=CN = remote-east");
    }

    @Test
    void shakesHandsWithBothCertificates() throws Exception {
        var server = start("s_server -accept 127.0.0.1:0 -CAfile ca.crt -Verify 1 -verify_return_error"
                + " -cert server.crt -key server.key -www");
        try (var lines = server.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("ACCEPT ")) {
                line = lines.readLine();
            }
            assertThat(line).startsWith("ACCEPT 127.0.0.1:");
            assertThat(openssl("s_client -connect " + line.substring("ACCEPT ".length())
                            + " -CAfile ca.crt -verify_return_error -verify_hostname localhost"
                            + " -cert admin.crt -key admin.key -brief"))
                    .contains("Verification: OK", "Verified peername: localhost");
        } finally {
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private String openssl(String arguments) throws IOException, InterruptedException {
        var process = start(arguments);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Process start(String arguments) throws IOException {
        var command = new ArrayList<>(List.of("timeout", "20", "/usr/bin/openssl"));
        command.addAll(List.of(arguments.split(" ")));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
