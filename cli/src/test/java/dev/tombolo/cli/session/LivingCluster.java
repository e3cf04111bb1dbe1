package dev.tombolo.cli.session;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.MeshPeerObject.State;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.lab.apiserver.RunningServer;
import dev.tombolo.lab.daemon.Kubeconfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An API server, and what the cluster behind it does by itself: agents start and report, the mesh API server says where it
 * is, signs and reaches its peers. What a session says {@link #happens} makes it do otherwise.
 */
final class LivingCluster implements AutoCloseable {
    /** Every cluster has it from its beginning. */
    private static final Namespace SYSTEM = new NamespaceBuilder()
            .withNewMetadata()
            .withName("kube-system")
            .endMetadata()
            .build();

    private static final Counts COUNTS = new Counts(2, 3, 4, 1);
    private final String name;
    private final Instant begin = Instant.now();
    private final Set<String> troubles = new TreeSet<>();
    private final RunningServer server = new RunningServer();
    private final KubernetesClient client = server.client();
    private final Path directory = Files.createTempDirectory("living");
    private final KubeApi api;
    private final LivingEgress egress;
    private final LivingBgp bgp;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private Map<String, String> said = Map.of();

    LivingCluster(String name) throws Exception {
        this.name = name;
        Kubeconfig.write(kubeconfig(), List.of(server.entry(name)));
        this.api = KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(kubeconfig()), Optional.empty()));
        this.egress = new LivingEgress(client, api, begin);
        this.bgp = new LivingBgp(client, api, begin);
        client.namespaces().resource(SYSTEM).create();
        clock.scheduleWithFixedDelay(this::live, 0, 20, TimeUnit.MILLISECONDS);
    }

    RunningServer server() {
        return server;
    }

    KubeApi api() {
        return api;
    }

    CiliumObjects cilium() {
        return new CiliumObjects(client);
    }

    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    List<MeshPeerObject> peers() throws IOException {
        return api.writes().mesh().peers();
    }

    /** One step of what goes on anyway. */
    synchronized void live() {
        try {
            var settings = settings();
            workloads();
            if (!settings.isEmpty()) {
                mesh(settings);
                nodes();
            }
        } catch (IOException | KubernetesClientException gone) {
            // What it looks after may be taken away at any time; the next step sees it so.
        }
    }

    /** Makes something happen; see the sessions for what there is. */
    synchronized void happens(String what) throws IOException {
        switch (what) {
            case "agents fail" -> failingPod();
            case "agents start" ->
                client.pods()
                        .inNamespace(Manifests.NAMESPACE)
                        .withName("tombolo-agent-x")
                        .withGracePeriod(0)
                        .delete();
            case "forgets west" -> api.writes().mesh().deletePeer("west");
            case "DaemonSet is lost" ->
                client.apps()
                        .daemonSets()
                        .inNamespace(Manifests.NAMESPACE)
                        .withName(Manifests.AGENT)
                        .delete();
            case "shop shares web and db" -> shop();
            case "namespace shop takes no part" -> annotateShop();
            case "Cilium defines its kinds" -> cilium().defineKinds();
            case "somebody writes an egress policy" -> cilium().writePolicy("theirs");
            case "shop has a port by SCTP" -> apply("""
                    {"apiVersion":"v1","kind":"Service","metadata":{"name":"sip","namespace":"shop"},
                     "spec":{"clusterIP":"10.96.0.13","ports":[{"name":"sip","port":5060,"protocol":"SCTP"}]}}""");
            case "agents tell of services" -> new LivingServices(server, client).begin();
            case "a pod shop/client-0 runs on n2" ->
                new LivingAgents(server, client).pod("shop", "client-0", "n2", "10.1.2.9");
            case "agents tell of routes" -> new LivingRoutes(server, client).begin();
            case "agents tell of flows" -> new LivingFlows(server, client).begin();
            default -> {
                if (what.startsWith("says ")) {
                    said = Manifests.settings(what.substring("says ".length()).replace(' ', '\n'));
                } else if (what.startsWith("no longer ")) {
                    troubles.remove(what.substring("no longer ".length()));
                } else if (!egress.happens(what) && !bgp.happens(what)) {
                    troubles.add(what);
                }
            }
        }
        live();
    }

    private Map<String, String> settings() throws IOException {
        return api.writes()
                .configMaps()
                .read(new ObjectKey(Manifests.NAMESPACE, Manifests.CONFIG))
                .map(data -> Manifests.settings(data.getOrDefault(Manifests.OPTIONS_KEY, "")))
                .orElse(Map.of());
    }

    private void workloads() {
        int ready = waitingPods() ? 1 : 2;
        var sets = client.apps().daemonSets().inNamespace(Manifests.NAMESPACE);
        for (var set : sets.list().getItems()) {
            status(
                    set,
                    sets.withName(set.getMetadata().getName()),
                    "{\"observedGeneration\":%d,\"desiredNumberScheduled\":2,\"numberReady\":%d,\"updatedNumberScheduled\":2}",
                    ready);
        }
        var deployments = client.apps().deployments().inNamespace(Manifests.NAMESPACE);
        for (var deployment : deployments.list().getItems()) {
            status(
                    deployment,
                    deployments.withName(deployment.getMetadata().getName()),
                    "{\"observedGeneration\":%d,\"readyReplicas\":%d,\"updatedReplicas\":1}",
                    troubles.contains("mesh server stops") ? 0 : 1);
        }
    }

    private boolean waitingPods() {
        return !client.pods().inNamespace(Manifests.NAMESPACE).list().getItems().isEmpty();
    }

    private static void status(HasMetadata object, Resource<?> resource, String form, int ready) {
        String status = form.formatted(object.getMetadata().getGeneration(), ready);
        resource.subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + status + "}");
    }

    private void mesh(Map<String, String> settings) throws IOException {
        if (api.writes().mesh().clusterMesh().isEmpty()) {
            return;
        }
        leads(troubles.contains("mesh server stops") ? Instant.now().minusSeconds(600) : Instant.now());
        int id = Integer.parseInt(said.getOrDefault("cluster.id", settings.get("cluster.id")));
        api.writes()
                .statuses()
                .clusterMesh(new ClusterMeshObject.Status(
                        said.getOrDefault("cluster.name", settings.get("cluster.name")),
                        id,
                        Integer.parseInt(
                                said.getOrDefault("max-connected-clusters", settings.get("max-connected-clusters"))),
                        List.of("https://192.0.2." + id + ":32379"),
                        "authority of " + name,
                        "request of " + name,
                        List.of(said.getOrDefault("pods", "10." + id + ".0.0/16")),
                        List.of("192.0.2." + id + "/32"),
                        said.getOrDefault("tunnel.cidr", settings.get("tunnel.cidr")),
                        "10.96.0.0/16",
                        COUNTS,
                        List.of(Condition.of("Ready", true, "Ready", "", begin))));
        for (var peer : peers()) {
            api.writes().statuses().meshPeer(peer.name(), status(peer));
        }
    }

    /** The elected replica renews its Lease. */
    private void leads(Instant renewed) {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(Manifests.NAMESPACE)
                        .withName(Manifests.APISERVER)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("replica")
                        .withRenewTime(ZonedDateTime.ofInstant(renewed.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .createOr(NonDeletingOperation::update);
    }

    private MeshPeerObject.Status status(MeshPeerObject peer) {
        boolean signs = !troubles.contains("signs nothing");
        boolean stale = troubles.contains(peer.name() + " is stale");
        boolean unreachable = troubles.contains("reaches nobody");
        boolean connected =
                !stale && !unreachable && !peer.spec().clientCertificate().isEmpty();
        var error = new MeshPeerObject.LastError("refused", "192.0.2.9:32379 refused the connection", Optional.empty());
        return new MeshPeerObject.Status(
                stale ? State.Stale : connected ? State.Fresh : State.Connecting,
                connected,
                stale ? Optional.of(begin.minusSeconds(180)) : Optional.empty(),
                Optional.empty(),
                connected || stale ? COUNTS : Counts.NONE,
                troubles.contains(peer.name() + " sends junk")
                        ? Map.of("MALFORMED", 2L, "ADDRESS_IS_OURS", 3L)
                        : Map.of(),
                stale || unreachable ? Optional.of(error) : Optional.empty(),
                signs ? peer.spec().certificateRequest() + " signed by " + name : "",
                Optional.empty(),
                List.of());
    }

    private void nodes() throws IOException {
        var agents = api.writes().workloads().daemonSet(new ObjectKey(Manifests.NAMESPACE, Manifests.AGENT));
        if (agents.isEmpty() || waitingPods()) {
            return;
        }
        for (String node : List.of("n1", "n2")) {
            api.writes().statuses().meshNode(node, status(node));
        }
    }

    private MeshNodeObject.Status status(String node) throws IOException {
        var clusters = new ArrayList<MeshNodeObject.Cluster>();
        for (var peer : peers()) {
            if (!troubles.contains(node + " does not follow")) {
                clusters.add(new MeshNodeObject.Cluster(
                        peer.name(), peer.status().state(), Optional.empty(), 2, 4, 1, 2, 2));
            }
        }
        var full = new MeshNodeObject.Problem(
                "map svc_fe", "100 % of its 100 entries are in use", "raise tombolo.maps.services");
        return new MeshNodeObject.Status(
                        "0.1.0",
                        true,
                        new MeshNodeObject.WireGuard("kernel", "", 51_871, List.of()),
                        clusters,
                        clusters.size(),
                        List.of(),
                        egress.held(node),
                        troubles.contains(node + " has a full map") ? List.of(full) : List.of(),
                        Optional.of(troubles.contains(node + " is silent") ? begin.minusSeconds(600) : Instant.now()),
                        List.of())
                .withLegs(egress.legs().of(node));
    }

    private void failingPod() {
        apply("""
                {"apiVersion":"v1","kind":"Pod",
                 "metadata":{"name":"tombolo-agent-x","namespace":"tombolo-system","labels":{"app":"tombolo-agent"}},
                 "spec":{"nodeName":"n2","containers":[{"name":"agent","image":"tombolo/tombolo:0.9"}]}}""");
        client.pods()
                .inNamespace(Manifests.NAMESPACE)
                .withName("tombolo-agent-x")
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status":{"phase":"Pending","containerStatuses":[{"name":"agent","image":"","imageID":"",
                         "ready":false,"restartCount":0,
                         "state":{"waiting":{"reason":"ErrImagePull","message":"no such image"}}}]}}""");
    }

    private void shop() {
        apply("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"shop\"}}");
        service("web", "10.96.0.10", "\"service.cilium.io/global\":\"true\",\"service.cilium.io/affinity\":\"local\"");
        service("db", "10.96.0.11", "\"service.cilium.io/global\":\"maybe\"");
        service("own", "10.96.0.12", "");
        apply("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                 "metadata":{"name":"web-1","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},
                 "endpoints":[{"addresses":["10.1.0.7"]},{"addresses":["10.1.0.8"],"conditions":{"ready":false}}],
                 "ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""");
    }

    private void annotateShop() {
        client.namespaces()
                .withName("shop")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"clustermesh.cilium.io/global\":\"false\"}}}");
    }

    private void service(String service, String address, String annotations) {
        apply("""
                {"apiVersion":"v1","kind":"Service",
                 "metadata":{"name":"%s","namespace":"shop","annotations":{%s}},
                 "spec":{"clusterIP":"%s","ports":[{"name":"http","port":80}]}}""".formatted(service, annotations, address));
    }

    private void apply(String json) {
        client.resource(json).create();
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        clock.close();
        api.close();
        client.close();
        server.close();
        Files.delete(kubeconfig());
        Files.delete(directory);
    }
}
