package dev.tombolo.apiserver.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.etcd.MeshEtcd;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.certs.PemSet;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches everything that is printed for lines of private keys. */
class HiddenKeysTest {
    @TempDir
    Path directory;

    private final List<String> printed = new ArrayList<>();

    private interface Fails {
        void run() throws Exception;
    }

    private void attempt(Fails step) {
        try {
            step.run();
        } catch (Exception failure) {
            var text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            printed.add(text.toString());
        }
    }

    @Test
    void noKeyIsInATextAnErrorOrALog() throws Exception {
        var etcd = new MeshEtcd(directory);
        try (etcd) {
            etcd.prepareAndStart();
            var material = etcd.certificates().ensure();
            printed.add(material.toString());
            printed.add(material.admin() + " " + material.remote() + " " + material.authority());
            printed.add(PemSet.EMPTY.with("admin", material.admin()).toString());
            breakSecrets(etcd.secrets().data());
            breakConnections(etcd, material);
        }
        printed.add(Files.readString(directory.resolve("etcd.log")));

        var secretLines = keyLines(etcd.secrets().data());
        assertThat(secretLines).hasSizeGreaterThan(8);
        assertThat(printed).hasSizeGreaterThan(15);
        for (String line : secretLines) {
            assertThat(printed).noneMatch(text -> text.contains(line));
        }
    }

    /** Each Secret with its parts exchanged, cut short and mixed up with another's. */
    private void breakSecrets(Map<String, Map<String, byte[]>> secrets) {
        for (String name : List.copyOf(secrets.keySet())) {
            for (String part : List.of("tls.crt", "tls.key", "tls.csr", "ca.crt", "ca.key")) {
                var broken = new LinkedHashMap<>(secrets);
                var data = new LinkedHashMap<>(secrets.get(name));
                byte[] key = data.getOrDefault("tls.key", data.get("ca.key"));
                data.put(part, part.endsWith(".key") ? cut(key) : key);
                broken.put(name, data);
                attempt(() -> new MeshCertificates(
                                Rows.CLUSTER1.name(),
                                new MeshEtcd.MapSecrets(broken),
                                new PemFiles(directory.resolve("broken")),
                                Clock.systemUTC())
                        .ensure());
                printed.add(name + " " + part);
            }
        }
    }

    private static byte[] cut(byte[] pem) {
        String text = new String(pem, StandardCharsets.US_ASCII);
        return text.replaceFirst("\n.{20}", "\n!").getBytes(StandardCharsets.US_ASCII);
    }

    private void breakConnections(MeshEtcd etcd, MeshCertificates.Material material) {
        String key = material.admin().privateKey().pem();
        String authority = material.authority().certificatePem();
        var odd = List.of(
                new TlsMaterial(authority, key, key),
                new TlsMaterial(authority, material.admin().certificatePem(), key.replace("A", "!")),
                new TlsMaterial(key, material.admin().certificatePem(), key));
        for (var tls : odd) {
            printed.add(tls.toString());
            attempt(() -> {
                try (var store = EtcdStore.open(etcd.address("127.0.0.1", () -> tls))) {
                    store.get("a");
                }
            });
        }
    }

    private static List<String> keyLines(Map<String, Map<String, byte[]>> secrets) {
        return secrets.values().stream()
                .flatMap(data -> data.entrySet().stream())
                .filter(part -> part.getKey().endsWith(".key"))
                .flatMap(part -> new String(part.getValue(), StandardCharsets.US_ASCII).lines())
                .filter(line -> !line.startsWith("-----"))
                .toList();
    }

    @Test
    void keysOnDiskAreForTheOwnerOnly() throws Exception {
        new MeshEtcd(directory).certificates().ensure();
        try (var files = Files.walk(directory)) {
            var keys = files.filter(file -> file.toString().endsWith(".key") && !Files.isSymbolicLink(file))
                    .toList();
            assertThat(keys).hasSize(2);
            for (Path key : keys) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
            }
        }
    }
}
