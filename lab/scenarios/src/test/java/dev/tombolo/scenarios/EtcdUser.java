package dev.tombolo.scenarios;

import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stock etcdctl with the certificate of somebody, against the mesh etcd of a cluster, from a node of cluster1: for
 * cluster2 that is outside. Whom the server lets in is what is asked, so the server is not verified.
 */
final class EtcdUser {
    private final MeshLab lab;
    private final int cluster;
    private final String endpoint;
    private final List<String> credential;
    private final List<String> command;

    private EtcdUser(MeshLab lab, int cluster, List<String> credential) {
        this.lab = lab;
        this.cluster = cluster;
        this.credential = credential;
        this.endpoint = lab.get(cluster, "clustermesh", "cluster")
                .at("/status/endpoints/0")
                .asText();
        this.command = new ArrayList<>(List.of(
                "etcdctl",
                "--insecure-skip-tls-verify",
                "--dial-timeout=2s",
                "--command-timeout=20s",
                "--endpoints=" + endpoint));
        command.addAll(credential);
    }

    static EtcdUser admin(MeshLab lab, int cluster) {
        return ofSecret(lab, cluster, "admin");
    }

    static EtcdUser local(MeshLab lab, int cluster) {
        return ofSecret(lab, cluster, "local");
    }

    /** What the cluster {@code peer} holds to read the etcd of {@code cluster}. */
    static EtcdUser remote(MeshLab lab, int peer, int cluster) {
        String certificate = lab.get(peer, "meshpeer", "cluster" + cluster)
                .at("/spec/clientCertificate")
                .asText();
        return with(lab, cluster, certificate, lab.secret(peer, "clustermesh-apiserver-remote-key", "tls.key"));
    }

    static EtcdUser with(MeshLab lab, int cluster, String certificate, String key) {
        return new EtcdUser(
                lab,
                cluster,
                List.of("--cert=" + file(lab, "etcdctl.crt", certificate), "--key=" + file(lab, "etcdctl.key", key)));
    }

    static EtcdUser nobody(MeshLab lab, int cluster) {
        return new EtcdUser(lab, cluster, List.of());
    }

    /** For who is expected to get no answer at all. */
    EtcdUser impatient() {
        var more = new ArrayList<>(credential);
        more.add("--command-timeout=2s");
        return new EtcdUser(lab, cluster, more);
    }

    private static EtcdUser ofSecret(MeshLab lab, int cluster, String user) {
        String secret = "clustermesh-apiserver-" + user + "-cert";
        return with(lab, cluster, lab.secret(cluster, secret, "tls.crt"), lab.secret(cluster, secret, "tls.key"));
    }

    private static Path file(MeshLab lab, String name, String content) {
        try {
            // In the lab's directory, which is 0700 and goes with the lab.
            return Files.writeString(Files.createTempFile(lab.home.directory(), name, ""), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String run(String... words) {
        return attempt(words).expectSuccess();
    }

    Outcome attempt(String... words) {
        return attemptWith("", words);
    }

    void put(String key, String value) {
        attemptWith(value, "put", key).expectSuccess();
    }

    List<String> keys(String prefix) {
        return run("get", "--prefix", "--keys-only", prefix)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    String value(String key) {
        return run("get", "--print-value-only", key).strip();
    }

    /** Writes {@code {}} under {@code prefix}0, {@code prefix}1 and so on. */
    void putMany(String prefix, int count) {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace()));
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ManyKeys.class.getName(),
                endpoint,
                "cluster" + cluster + ".mesh.cilium.io",
                file(lab, "ca.crt", lab.secret(cluster, "tombolo-ca", "ca.crt")).toString()));
        credential.forEach(option -> words.add(option.substring(option.indexOf('=') + 1)));
        words.addAll(List.of(prefix, Integer.toString(count)));
        execute(words, "").expectSuccess();
    }

    /** Starts a watch; what it prints is in the file. Ends with the returned process. */
    Watch watch(String prefix) {
        try {
            Path printed = Files.createTempFile(lab.home.directory(), "watch", ".txt");
            var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace()));
            words.addAll(command);
            words.addAll(List.of("watch", "--prefix", prefix));
            return new Watch(
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(printed.toFile())
                            .start(),
                    printed);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A watch under way. */
    record Watch(Process process, Path file) implements AutoCloseable {
        String printed() {
            try {
                return Files.readString(file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private Outcome attemptWith(String input, String... words) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace()));
        all.addAll(command);
        all.addAll(List.of(words));
        return execute(all, input);
    }

    private static Outcome execute(List<String> words, String input) {
        try {
            var result = Commands.attempt(words, Map.of("ETCDCTL_API", "3"), input);
            return new Outcome(words, result.code(), result.output());
        } catch (IOException failure) {
            throw new CheckFailure(words + " did not start: " + failure.getMessage());
        }
    }

    private String namespace() {
        return lab.home.namespace("cluster1-node1");
    }
}
