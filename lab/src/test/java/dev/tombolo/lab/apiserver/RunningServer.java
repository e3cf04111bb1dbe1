package dev.tombolo.lab.apiserver;

import com.sun.net.httpserver.HttpsServer;
import dev.tombolo.lab.daemon.Kubeconfig;
import dev.tombolo.lab.pki.LabAuthority;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An API server over a real etcd of its own, both on free loopback ports, with a kubeconfig for its administrator. */
public final class RunningServer implements AutoCloseable {
    private static final long LONGEST_COMMAND_SECONDS = 60;

    private final Path directory = Files.createTempDirectory("lab-apiserver");
    private volatile PodExec exec = (_, _, _, command) -> new ProcessBuilder(command).start();
    private final LabAuthority authority = new LabAuthority("test");
    private final LabAuthority.Identity admin = authority.client("admin");
    private final int port = freePort();
    private final String etcdEndpoint = "http://127.0.0.1:" + freePort();
    private final Process etcd = startEtcd();
    private ApiServer server = startServer();

    public RunningServer() throws Exception {
        Kubeconfig.write(kubeconfig(), List.of(entry("test")));
        try (var client = client()) {
            client.namespaces().load(manifest("default")).create();
        }
    }

    /** What a kubectl command printed, both streams, and how it ended. */
    record Printed(int code, String text) {}

    ApiServer server() {
        return server;
    }

    /** Stops the server and starts another over the same etcd. */
    void restart() throws Exception {
        server.close();
        server = startServer();
    }

    private Process startEtcd() throws IOException {
        String peer = "http://127.0.0.1:" + freePort();
        Process started = new ProcessBuilder(
                        "etcd",
                        "--name=test",
                        "--data-dir=" + directory.resolve("etcd"),
                        "--unsafe-no-fsync",
                        "--listen-client-urls=" + etcdEndpoint,
                        "--advertise-client-urls=" + etcdEndpoint,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=test=" + peer,
                        "--log-level=error")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> answers(etcdEndpoint));
        return started;
    }

    private static boolean answers(String endpoint) {
        int port = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What a command in a container is, from now on; on this machine otherwise. */
    public void onExec(PodExec other) {
        exec = other;
    }

    private ApiServer startServer() throws Exception {
        return ApiServer.start(new ApiServerOptions(
                "test",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                authority.server(List.of("127.0.0.1")),
                List.of(etcdEndpoint),
                "/registry",
                "10.96.0.0/16",
                RunningServer::log,
                (namespace, pod, container, command) -> exec.start(namespace, pod, container, command),
                address -> HttpsServer.create(address, 128)));
    }

    private static InputStream log(
            String namespace, String pod, String container, boolean follow, int tail, boolean previous)
            throws IOException {
        if (previous) {
            throw new FileNotFoundException(
                    "previous terminated container \"" + container + "\" in pod \"" + pod + "\" not found");
        }
        String text = "log of " + String.join(" ", namespace, pod, container, Integer.toString(tail)) + "\n";
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    public KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(config().build()).build();
    }

    KubernetesClient clientWithToken(String token) {
        return new KubernetesClientBuilder()
                .withConfig(config().withClientCertData(null)
                        .withClientKeyData(null)
                        .withOauthToken(token)
                        .build())
                .build();
    }

    private ConfigBuilder config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(address())
                .withNamespace("default")
                .withCaCertData(authorityText())
                .withClientCertData(base64(admin.certificate()))
                .withClientKeyData(base64(admin.key()));
    }

    private Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** This server and its administrator, for a kubeconfig. */
    public Kubeconfig.Entry entry(String name) {
        return new Kubeconfig.Entry(name, address(), authorityText(), base64(admin.certificate()), base64(admin.key()));
    }

    private String authorityText() {
        try {
            return base64(authority.certificate());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String address() {
        return "https://127.0.0.1:" + port;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream manifest(String namespace) {
        String text = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + namespace + "\"}}";
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs kubectl, with the manifest on its standard input. */
    Printed kubectlWith(String manifest, String... arguments) throws IOException, InterruptedException {
        Process kubectl = start(arguments);
        try (var in = kubectl.getOutputStream()) {
            in.write(manifest.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!kubectl.waitFor(LONGEST_COMMAND_SECONDS, TimeUnit.SECONDS)) {
            kubectl.destroyForcibly();
            throw new IOException("kubectl " + List.of(arguments) + " did not end; it printed: " + text);
        }
        return new Printed(kubectl.exitValue(), text.stripTrailing());
    }

    Printed kubectl(String... arguments) throws IOException, InterruptedException {
        return kubectlWith("", arguments);
    }

    Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of(kubectlProgram(), "--kubeconfig=" + kubeconfig(), "--cache-dir=" + directory.resolve("cache")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static boolean hasKubectl() {
        return Files.isExecutable(Path.of(kubectlProgram()));
    }

    private static String kubectlProgram() {
        String named = System.getenv("KUBECTL");
        if (named != null) {
            return named;
        }
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("kubectl"))
                .toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        etcd.destroyForcibly().onExit().join();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
