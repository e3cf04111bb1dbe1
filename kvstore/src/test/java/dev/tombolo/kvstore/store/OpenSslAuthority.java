package dev.tombolo.kvstore.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority made by the openssl command: what the store reads was not written by code of ours. */
public final class OpenSslAuthority {
    private static final String SERVER_NAME = "clustermesh-apiserver.tombolo-system.svc";

    private final Path directory;

    public OpenSslAuthority(Path directory) {
        this.directory = directory;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-subj",
                "/CN=Test CA");
        issue("server", SERVER_NAME, "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:" + SERVER_NAME);
    }

    /** What etcd is told to serve with this authority's certificate and to accept only its clients. */
    public List<String> etcdFlags() {
        return List.of(
                "--cert-file",
                path("server.crt"),
                "--key-file",
                path("server.key"),
                "--trusted-ca-file",
                path("ca.crt"),
                "--client-cert-auth");
    }

    public TlsMaterial client(String commonName) {
        issue(commonName, commonName, "extendedKeyUsage=clientAuth");
        return new TlsMaterial(read("ca.crt"), read(commonName + ".crt"), read(commonName + ".key"));
    }

    public String certificate() {
        return read("ca.crt");
    }

    private void issue(String file, String commonName, String extensions) {
        try {
            Files.writeString(directory.resolve(file + ".ext"), extensions + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                file + ".key",
                "-out",
                file + ".csr",
                "-subj",
                "/CN=" + commonName);
        openssl(
                "x509",
                "-req",
                "-in",
                file + ".csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "1",
                "-out",
                file + ".crt",
                "-extfile",
                file + ".ext");
    }

    private void openssl(String... arguments) {
        var command = new ArrayList<>(List.of("timeout", "20", "openssl"));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("openssl is not installed: make setup", failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private String path(String file) {
        return directory.resolve(file).toString();
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
