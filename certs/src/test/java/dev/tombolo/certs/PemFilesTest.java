package dev.tombolo.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {
    private static final ClusterName EAST = new ClusterName("east");

    @TempDir
    Path directory;

    private final CertificateAuthority authority = CertificateAuthority.create(EAST, Clock.systemUTC());

    private static PemSet admin(Credential credential) {
        return PemSet.EMPTY.with("admin", credential);
    }

    @Test
    void keysAreForTheOwnerOnlyAndCertificatesForAll() throws Exception {
        var credential = authority.issueAdmin(EAST);

        new PemFiles(directory).replace(admin(credential));

        assertThat(mode("admin.key")).isEqualTo("rw-------");
        assertThat(mode("admin.crt")).isEqualTo("rw-r--r--");
        assertThat(directory.resolve("admin.key"))
                .hasContent(credential.privateKey().pem());
        assertThat(names()).containsExactly("..data", "admin.crt", "admin.key");
    }

    @Test
    void replacesFilesByOthersAndLeavesOnlyTheLastOnesBehind() throws Exception {
        var files = new PemFiles(directory);
        files.replace(admin(authority.issueAdmin(EAST)));
        age(current());
        files.replace(admin(authority.issueAdmin(EAST)));
        Files.createDirectory(directory.resolve("..generation-of-a-process-that-died"));
        age("..generation-of-a-process-that-died");
        age(current());
        String last = current();
        var renewed = authority.issueAdmin(EAST);

        files.replace(admin(renewed));

        assertThat(directory.resolve("admin.crt")).hasContent(renewed.certificatePem());
        assertThat(directory.resolve("admin.key"))
                .hasContent(renewed.privateKey().pem());
        assertThat(names()).containsExactly("..data", last, "admin.crt", "admin.key");
    }

    @Test
    void takesTheirPlaceWhereAnEarlierVersionWroteFiles() throws Exception {
        Files.writeString(directory.resolve("admin.key"), "old");
        var credential = authority.issueAdmin(EAST);

        new PemFiles(directory).replace(admin(credential));

        assertThat(directory.resolve("admin.key"))
                .hasContent(credential.privateKey().pem());
    }

    @Test
    void touchesNothingThatIsTheSameAlready() throws Exception {
        var files = new PemFiles(directory);
        var set = admin(authority.issueAdmin(EAST)).withCertificate("ca", authority.certificatePem());
        files.replace(set);
        var before = Files.readSymbolicLink(directory.resolve("..data"));

        files.replace(set);

        assertThat(Files.readSymbolicLink(directory.resolve("..data"))).isEqualTo(before);
    }

    @Test
    void mendsTheModeOfAKeyThatOthersCanRead() throws Exception {
        var files = new PemFiles(directory);
        var credential = authority.issueAdmin(EAST);
        files.replace(admin(credential));
        Files.setPosixFilePermissions(directory.resolve("admin.key"), PosixFilePermissions.fromString("rw-r--r--"));

        files.replace(admin(credential));

        assertThat(mode("admin.key")).isEqualTo("rw-------");
    }

    /** As etcd reads them at each handshake: one file, then the other. */
    @Test
    void whoReadsOneFileAfterTheOtherNeverHoldsTwoThatDoNotFit() throws Exception {
        var files = new PemFiles(directory);
        var credential = authority.issueServer(List.of());
        files.replace(PemSet.EMPTY.with("server", credential));
        var reader = new PairReader();
        var thread = Thread.ofPlatform().start(reader);
        for (int renewal = 0; renewal < 300; renewal++) {
            credential = authority.renew(credential);
            files.replace(PemSet.EMPTY.with("server", credential));
        }
        reader.done.set(true);
        thread.join();
        assertThat(reader.misfits).hasValue(0);
        assertThat(reader.pairs).hasValueGreaterThan(50);
    }

    private final class PairReader implements Runnable {
        final AtomicBoolean done = new AtomicBoolean();
        final AtomicInteger pairs = new AtomicInteger();
        final AtomicInteger misfits = new AtomicInteger();

        @Override
        public void run() {
            while (!done.get()) {
                try {
                    String certificate = Files.readString(directory.resolve("server.crt"));
                    String key = Files.readString(directory.resolve("server.key"));
                    boolean fits = CertificateFacts.isFor("pair", certificate, PrivateKeyPem.read("pair", key));
                    (fits ? pairs : misfits).incrementAndGet();
                } catch (IOException gone) {
                    misfits.incrementAndGet();
                }
            }
        }
    }

    private String mode(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }

    private List<String> names() throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(current()))
                    .sorted()
                    .toList();
        }
    }

    private void age(String generation) throws IOException {
        Files.setLastModifiedTime(
                directory.resolve(generation), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    }

    private String current() {
        try {
            return Files.readSymbolicLink(directory.resolve("..data")).toString();
        } catch (IOException none) {
            return "";
        }
    }
}
