package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {
    private static final ClusterName EAST = new ClusterName("east");

    @TempDir
    Path directory;

    private final CertificateAuthority authority = CertificateAuthority.create(EAST, Clock.systemUTC());

    @Test
    void keysAreForTheOwnerOnlyAndCertificatesForAll() throws Exception {
        var credential = authority.issueAdmin(EAST);

        new PemFiles(directory).write("admin", credential);

        assertThat(mode("admin.key")).isEqualTo("rw-------");
        assertThat(mode("admin.crt")).isEqualTo("rw-r--r--");
        assertThat(directory.resolve("admin.key"))
                .hasContent(credential.privateKey().pem());
        assertThat(names()).containsExactly("admin.crt", "admin.key");
    }

    @Test
    void replacesAFileByAnotherAndLeavesNothingBehind() throws Exception {
        var files = new PemFiles(directory);
        files.write("admin", authority.issueAdmin(EAST));
        var before = Files.getAttribute(directory.resolve("admin.key"), "unix:ino");
        var renewed = authority.issueAdmin(EAST);

        files.write("admin", renewed);

        assertThat(directory.resolve("admin.crt")).hasContent(renewed.certificatePem());
        assertThat(Files.getAttribute(directory.resolve("admin.key"), "unix:ino"))
                .isNotEqualTo(before);
        assertThat(names()).containsExactly("admin.crt", "admin.key");
    }

    @Test
    void touchesNothingThatIsTheSameAlready() throws Exception {
        var files = new PemFiles(directory);
        files.writeCertificate("ca", authority.certificatePem());
        var before = Files.getAttribute(directory.resolve("ca.crt"), "unix:ino");

        files.writeCertificate("ca", authority.certificatePem());

        assertThat(Files.getAttribute(directory.resolve("ca.crt"), "unix:ino")).isEqualTo(before);
    }

    @Test
    void mendsTheModeOfAKeyThatOthersCanRead() throws Exception {
        var files = new PemFiles(directory);
        var credential = authority.issueAdmin(EAST);
        files.write("admin", credential);
        Files.setPosixFilePermissions(directory.resolve("admin.key"), PosixFilePermissions.fromString("rw-r--r--"));

        files.write("admin", credential);

        assertThat(mode("admin.key")).isEqualTo("rw-------");
    }

    private String mode(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
