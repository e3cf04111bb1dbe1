package dev.tombolo.apiserver;

import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.identity.IdentityAllocator;
import dev.tombolo.apiserver.mesh.MeshStatusPlan;
import dev.tombolo.apiserver.mirror.LocalMirrors;
import dev.tombolo.apiserver.mirror.PeerSources;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.apiserver.publish.AnnotationReports;
import dev.tombolo.apiserver.publish.Heartbeat;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.apiserver.publish.Publisher;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.apiserver.tunnel.TunnelAddressAllocator;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.kube.write.KubeEvents;
import dev.tombolo.kube.write.Leadership;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running process, without what serves it over HTTP: composes sources, plans, targets and controllers. */
final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String COMPONENT = "clustermesh-apiserver";
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration RENEWAL_CHECK = Duration.ofMinutes(10);
    private static final ObjectKey KUBERNETES = new ObjectKey("default", "kubernetes");

    private final MeshConfig config;
    private final KubeApi kube;
    private final EtcdStore store;
    private final MeshCertificates certificates;
    private final ObjectKey service;
    private final String candidate;
    private final Clock clock = Clock.systemUTC();
    private final KubeTables tables = KubeTables.empty();
    private final Table<String, MeshPeerObject> peers = new Table<>("mesh peers");
    private final Table<String, ClusterMeshObject> clusterMesh = new Table<>("cluster mesh");
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<KubeSource> sources = new ArrayList<>();
    private final List<Passes> passes = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Publication publication;
    private final AtomicReference<MeshCertificates.Material> material;
    private Leadership leadership;
    private Publisher publisher;

    ApiServer(
            MeshConfig config,
            KubeApi kube,
            EtcdStore store,
            MeshCertificates certificates,
            AtomicReference<MeshCertificates.Material> material,
            String namespace,
            String candidate) {
        this.config = config;
        this.kube = kube;
        this.store = store;
        this.certificates = certificates;
        this.material = material;
        this.service = new ObjectKey(namespace, COMPONENT);
        this.candidate = candidate;
        this.publication = new Publication(tables, config.self(), config.namespacesAreGlobal());
    }

    ApiServer start() {
        follow();
        publication.start();
        running.push(publication);
        var announcements = keep(new Announcements(store, config.lease(), clock));
        publisher = keep(new Publisher(
                publication, config.self(), store, config.lease(), announcements, ApiServer::tell, clock));
        Duration beat = shorter(config.heartbeat(), config.lease().dividedBy(3));
        keep(Heartbeat.start(store, config.lease(), beat, clock));
        allocate();
        report();
        connect(announcements);
        return this;
    }

    /** Whether peers can be served: everything known is in etcd. */
    boolean ready() {
        return publisher != null && publisher.ready();
    }

    /** What does not work at this moment, in sentences. */
    List<String> problems() {
        var problems = new ArrayList<String>();
        sources.forEach(source -> source.lastError().ifPresent(error -> problems.add("Kubernetes: " + error)));
        passes.forEach(each -> each.lastError().ifPresent(problems::add));
        if (publisher != null) {
            publisher.problem().ifPresent(error -> problems.add("etcd: " + error));
        }
        return problems;
    }

    Counts published() {
        return new Counts(
                publisher.count(Kind.NODES),
                publisher.count(Kind.IDENTITIES),
                publisher.count(Kind.IPS),
                publisher.count(Kind.SERVICES));
    }

    Table<String, MeshPeerObject> peers() {
        return peers;
    }

    private void follow() {
        var from = kube.sources();
        sources.add(from.nodes(tables.nodes(), ApiServer::tell));
        sources.add(from.pods(tables.pods(), ApiServer::tell));
        sources.add(from.namespaces(tables.namespaces(), ApiServer::tell));
        sources.add(from.services(tables.services(), ApiServer::tell));
        sources.add(from.endpointSlices(tables.slices(), ApiServer::tell));
        sources.add(from.meshIdentities(tables.identities(), ApiServer::tell));
        sources.add(from.meshPeers(peers, ApiServer::tell));
        sources.add(from.clusterMesh(clusterMesh, ApiServer::tell));
        sources.forEach(running::push);
    }

    private void allocate() {
        leadership = keep(kube.writes().leadership(service, candidate, new Leadership.Callbacks() {
            @Override
            public void started() {
                LOG.info("elected: allocates identities and tunnel addresses, as={}", candidate);
                passes.forEach(Passes::wake);
            }

            @Override
            public void stopped() {
                LOG.info("no longer elected, as={}", candidate);
            }
        }));
        var objects = kube.writes().identities();
        var identities = new IdentityAllocator(
                publication.podLabels(),
                tables.identities(),
                config.self(),
                new IdentityAllocator.Objects() {
                    @Override
                    public boolean create(long id, java.util.Map<String, String> labels) throws IOException {
                        return objects.create(id, labels);
                    }

                    @Override
                    public void delete(long id) throws IOException {
                        objects.delete(id);
                    }
                },
                leadership::leading,
                clock);
        var addresses = new TunnelAddressAllocator(
                tables.nodes(), config.self().tunnelRange(), kube.writes().nodes()::annotate, leadership::leading);
        run("identities", RECHECK, List.of(publication.podLabels(), tables.identities()), identities::pass);
        run("tunnel addresses", RECHECK, List.of(tables.nodes()), addresses::pass);
    }

    private void report() {
        var events = kube.writes().events(COMPONENT);
        var annotations = new AnnotationReports(
                tables.services(),
                (on, message) -> events.record(
                        KubeEvents.Subject.service(on.key(), on.uid()),
                        KubeEvents.Severity.WARNING,
                        "InvalidAnnotation",
                        message));
        run("annotations", Duration.ofMinutes(1), List.of(tables.services()), annotations::pass);
        run("cluster status", RECHECK, List.of(tables.nodes(), tables.services(), clusterMesh), this::describe);
        run("certificates", RENEWAL_CHECK, List.of(), () -> material.set(certificates.ensure()));
    }

    private void describe() throws IOException {
        var object = clusterMesh.snapshot().get(ClusterMeshObject.SINGLETON);
        if (object.isEmpty() || !tables.nodes().initialized()) {
            return;
        }
        var facts = new MeshStatusPlan.Facts(
                material.get().authority().certificatePem(),
                material.get().remote().pem(),
                serviceRange(),
                published(),
                ready());
        kube.writes()
                .statuses()
                .clusterMesh(MeshStatusPlan.status(
                        object.get(),
                        config.self(),
                        tables.nodes().snapshot().values().toList(),
                        tables.services().snapshot().get(service),
                        facts,
                        clock.instant()));
    }

    private void connect(Announcements announcements) {
        var secrets = new NamespacedSecrets(kube.writes().secrets(), service.namespace());
        var reachable = new PeerSources(config.self().name(), material.get().remote(), secrets);
        var woken = new Passes[1];
        var mirrors = new LocalMirrors(
                config,
                store,
                announcements,
                reachable::source,
                reachable::connected,
                () -> Optional.ofNullable(woken[0]).ifPresent(Passes::wake),
                clock);
        var users = new MeshUsers(new EtcdUsers(store), config.self().name());
        var authority = new MeshAuthority(() -> material.get().authority(), users, store, clock);
        var controller = keep(new PeerController(
                peers, config.self(), this::ownRanges, authority, mirrors, new PeerReports(kube.writes()), clock));
        woken[0] = run("peers", RECHECK, List.of(peers, tables.nodes()), () -> {
            if (tables.nodes().initialized() && peers.initialized()) {
                controller.pass();
                announcements.complete();
            }
        });
        run("renewed certificates", RENEWAL_CHECK, List.of(), reachable::fetchRenewed);
    }

    private List<Prefix> ownRanges() {
        return MeshStatusPlan.ranges(
                config.self(), tables.nodes().snapshot().values().toList(), serviceRange());
    }

    /** Kubernetes does not say the range; by convention it is the /16 around the API's own Service. */
    private Optional<Prefix> serviceRange() {
        return config.serviceRange()
                .or(() -> tables.services()
                        .snapshot()
                        .get(KUBERNETES)
                        .map(KubeService::clusterIps)
                        .flatMap(addresses -> addresses.stream()
                                .filter(address -> address.isV4())
                                .findFirst())
                        .map(address -> new Prefix(address, 16)));
    }

    private Passes run(String name, Duration interval, List<Table<?, ?>> inputs, Passes.Pass pass) {
        var started = keep(Passes.start(name, interval, inputs, ApiServer::tell, pass));
        passes.add(started);
        return started;
    }

    private <T extends AutoCloseable> T keep(T each) {
        running.push(each);
        return each;
    }

    private static void tell(String name, String reason) {
        if (reason.isEmpty()) {
            LOG.info("works again: {}", name);
        } else {
            LOG.warn("failed: {}, reason={}", name, reason);
        }
    }

    private static void tell(Invalid invalid) {
        LOG.warn("not understood: {}", invalid);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception failure) {
                LOG.warn("could not be closed", failure);
            }
        }
        store.close();
        kube.close();
    }
}
