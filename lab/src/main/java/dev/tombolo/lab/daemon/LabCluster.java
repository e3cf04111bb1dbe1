package dev.tombolo.lab.daemon;

import com.sun.net.httpserver.HttpsServer;
import dev.tombolo.lab.apiserver.ApiServer;
import dev.tombolo.lab.apiserver.ApiServerOptions;
import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.controller.Controllers;
import dev.tombolo.lab.dns.ClusterDns;
import dev.tombolo.lab.kubelet.ContainerExec;
import dev.tombolo.lab.kubelet.ContainerLogs;
import dev.tombolo.lab.kubelet.KubeletNode;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Netns;
import dev.tombolo.lab.network.NodeSandbox;
import dev.tombolo.lab.network.Topology;
import dev.tombolo.lab.pki.LabAuthority;
import dev.tombolo.lab.proxy.ServiceProxy;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything of one cluster that the daemon runs. */
final class LabCluster {
    private final Topology.Cluster topology;
    private final LabAuthority authority;
    private final LabAuthority.Identity admin;
    private final EtcdProcess etcd;
    private final int port;
    private final Map<String, Long> nodePids = new TreeMap<>();

    private LabCluster(Topology.Cluster topology) throws GeneralSecurityException, IOException, InterruptedException {
        this.topology = topology;
        authority = new LabAuthority(topology.name());
        admin = authority.client("admin");
        etcd = EtcdProcess.start(topology.home(), topology.name());
        port = EtcdProcess.freePort();
    }

    static LabCluster start(Topology.Cluster topology, Path distribution)
            throws GeneralSecurityException, IOException, InterruptedException {
        LabCluster cluster = new LabCluster(topology);
        ContainerLogs logs = new ContainerLogs(topology.home(), topology.name());
        ApiServer server = ApiServer.start(new ApiServerOptions(
                topology.name(),
                List.of(
                        new InetSocketAddress("127.0.0.1", cluster.port),
                        new InetSocketAddress(topology.address(), Topology.API_PORT)),
                cluster.authority.server(List.of("127.0.0.1", topology.address(), Topology.API_SERVICE_ADDRESS)),
                List.of(cluster.etcd.endpoint()),
                "/registry",
                Topology.SERVICE_CIDR,
                logs,
                new ContainerExec(topology.home(), topology.name()),
                address -> open(topology, address)));
        cluster.run(server, logs, distribution);
        return cluster;
    }

    private static HttpsServer open(Topology.Cluster topology, InetSocketAddress address) throws IOException {
        return address.getAddress().isLoopbackAddress()
                ? HttpsServer.create(address, 0)
                : Netns.within(LabHome.namespacePath(topology.namespace()), () -> HttpsServer.create(address, 0));
    }

    private void run(ApiServer server, ContainerLogs logs, Path distribution) throws IOException {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(clientConfig()).build();
        bootstrap(client);
        ClusterState state = new ClusterState(client);
        new Controllers(topology.name(), state, authority.certificate()).start();
        new ClusterDns(topology, state);
        new ServiceProxy(topology, state).start();
        for (Topology.Node node : topology.nodes()) {
            NodeSandbox sandbox =
                    NodeSandbox.start(node, distribution.getParent().getParent());
            nodePids.put(node.clusterName() + "/" + node.name(), sandbox.pid());
            copyPrograms(node.directory().resolve("kubelet/programs"));
            new KubeletNode(topology, sandbox, state, distribution, logs, server::tokenFor).start();
        }
    }

    /** Copied, because a node sees the machine's root only, not what is mounted on it. */
    private static void copyPrograms(Path target) throws IOException {
        Files.createDirectories(target);
        try (var programs = Files.list(Path.of(System.getProperty("tombolo.lab.programs", "lab/target/programs")))) {
            for (Path program : programs.toList()) {
                Files.copy(
                        program,
                        target.resolve(program.getFileName()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Config clientConfig() throws IOException {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(server())
                .withCaCertData(base64(authority.certificate()))
                .withClientCertData(base64(admin.certificate()))
                .withClientKeyData(base64(admin.key()))
                // Plain chunked watches need one request less than trying a WebSocket first.
                .withOnlyHttpWatches(true)
                .withTrustCerts(false)
                .build();
    }

    private void bootstrap(KubernetesClient client) {
        for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            client.namespaces()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build())
                    .createOr(r -> r.update());
        }
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("kubernetes")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withClusterIP(Topology.API_SERVICE_ADDRESS)
                        .addNewPort()
                        .withName("https")
                        .withProtocol("TCP")
                        .withPort(443)
                        .withNewTargetPort(Topology.API_PORT)
                        .endPort()
                        .endSpec()
                        .build())
                .createOr(r -> r.update());
        client.resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withName("kubernetes")
                        .withNamespace("default")
                        .addToLabels("kubernetes.io/service-name", "kubernetes")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewEndpoint()
                        .withAddresses(topology.address())
                        .withNewConditions(true, true, false)
                        .endEndpoint()
                        .addNewPort()
                        .withName("https")
                        .withProtocol("TCP")
                        .withPort(Topology.API_PORT)
                        .endPort()
                        .build())
                .createOr(r -> r.update());
    }

    Topology.Cluster topology() {
        return topology;
    }

    String server() {
        return "https://127.0.0.1:" + port;
    }

    /** @param restarted called when etcd had ended and has another pid now */
    void keepEtcd(Runnable restarted) {
        etcd.keepRunning(topology.name(), restarted);
    }

    long etcdPid() {
        return etcd.pid();
    }

    Map<String, Long> nodePids() {
        return nodePids;
    }

    /** This cluster's parts of a kubeconfig: cluster, user and context, all of the cluster's name. */
    Kubeconfig.Entry kubeconfig() throws IOException {
        return new Kubeconfig.Entry(
                topology.name(),
                server(),
                base64(authority.certificate()),
                base64(admin.certificate()),
                base64(admin.key()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
