package dev.tombolo.apiserver;

import dev.tombolo.apiserver.bgp.BgpTables;
import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.egress.EgressAgreementSource;
import dev.tombolo.apiserver.egress.EgressTables;
import dev.tombolo.apiserver.etcd.EtcdClients;
import dev.tombolo.apiserver.etcd.OwnEtcd;
import dev.tombolo.apiserver.loadbalancer.RequestedAddresses;
import dev.tombolo.apiserver.mesh.MeshStatusPlan;
import dev.tombolo.apiserver.mirror.PeerSources;
import dev.tombolo.apiserver.publish.AnnotationReports;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.kube.write.KubeEvents;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running process, without what serves it over HTTP: composes sources, plans, targets and controllers. */
final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String COMPONENT = "clustermesh-apiserver";
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration ETCD_CHECK = Duration.ofSeconds(1);
    private static final Duration RENEWAL_CHECK = Duration.ofMinutes(10);
    private static final ObjectKey KUBERNETES = new ObjectKey("default", "kubernetes");

    private final MeshConfig config;
    private final KubeApi kube;
    private final EtcdAddress address;
    private final MeshCertificates certificates;
    private final AtomicReference<MeshCertificates.Material> material;
    private final ObjectKey service;
    private final String candidate;
    private final Clock clock = Clock.systemUTC();
    private final KubeTables tables = KubeTables.empty();
    private final BgpTables bgp = BgpTables.empty();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<KubeSource> sources = new ArrayList<>();
    private final List<Passes> passes = new CopyOnWriteArrayList<>();
    private final Publication publication;
    private volatile KubeSource pools;
    private volatile EgressTables egress;
    private volatile Allocation allocation;
    private volatile OwnEtcd<MeshLife> etcd;

    ApiServer(
            MeshConfig config,
            KubeApi kube,
            EtcdAddress address,
            MeshCertificates certificates,
            AtomicReference<MeshCertificates.Material> material,
            String namespace,
            String candidate) {
        this.config = config;
        this.kube = kube;
        this.address = address;
        this.certificates = certificates;
        this.material = material;
        this.service = new ObjectKey(namespace, COMPONENT);
        this.candidate = candidate;
        this.publication = new Publication(tables, config.self(), config.namespaces());
    }

    ApiServer start() {
        follow();
        publication.start();
        running.push(publication);
        egress = keep(EgressTables.start(tables, config.self().name(), pools::kindIsMissing));
        allocation = keep(Allocation.start(
                kube.writes(),
                service,
                candidate,
                config.self(),
                tables,
                publication,
                egress,
                bgp,
                ApiServer::tell,
                clock));
        keep(EgressAgreementSource.start(
                () -> EtcdStore.open(address), config.self().name(), egress, clock));
        live();
        report();
        return this;
    }

    /** Whether peers can be served: everything known is in etcd. */
    boolean ready() {
        return life().map(MeshLife::ready).orElse(false);
    }

    /** What does not work at this moment, in sentences. */
    List<String> problems() {
        var problems = new ArrayList<String>();
        sources.forEach(source -> source.lastError().ifPresent(error -> problems.add("Kubernetes: " + error)));
        passes.forEach(each -> each.lastError().ifPresent(problems::add));
        Optional.ofNullable(allocation).ifPresent(each -> problems.addAll(each.problems()));
        life().flatMap(MeshLife::problem).ifPresent(problems::add);
        return problems;
    }

    Counts published() {
        return life().map(MeshLife::published).orElse(Counts.NONE);
    }

    Table<String, MeshPeerObject> peers() {
        return tables.peers();
    }

    KubeTables tables() {
        return tables;
    }

    private Optional<MeshLife> life() {
        return Optional.ofNullable(etcd).flatMap(OwnEtcd::life);
    }

    private void follow() {
        var from = kube.sources();
        sources.add(from.nodes(tables.nodes(), ApiServer::tell));
        sources.add(from.pods(tables.pods(), ApiServer::tell));
        sources.add(from.namespaces(tables.namespaces(), ApiServer::tell));
        sources.add(from.services(tables.services(), ApiServer::tell));
        sources.add(from.endpointSlices(tables.slices(), ApiServer::tell));
        sources.add(from.meshIdentities(tables.identities(), ApiServer::tell));
        sources.add(from.meshPeers(tables.peers(), ApiServer::tell));
        sources.add(from.meshNodes(tables.agents(), ApiServer::tell));
        sources.add(from.clusterMesh(tables.clusterMesh(), ApiServer::tell));
        sources.add(from.egressPolicies(tables.egressPolicies(), ApiServer::tell));
        pools = from.egressPools(tables.egressPools(), ApiServer::tell);
        sources.add(pools);
        sources.add(from.addressPools(tables.addressPools(), ApiServer::tell));
        sources.addAll(bgp.follow(from.bgp(), ApiServer::tell));
        sources.forEach(running::push);
    }

    /** Everything that is written to etcd, anew for each life of it. */
    private void live() {
        var secrets = new NamespacedSecrets(kube.writes().secrets(), service.namespace());
        var peers = new PeerSources(config.self().name(), material.get().remote(), secrets, clock);
        var clients = EtcdClients.beyondThePod(
                URI.create(address.endpoints().getFirst()).getPort());
        var around = new MeshLife.Around(
                config,
                tables,
                publication,
                egress,
                this::ownRanges,
                material::get,
                peers,
                new PeerReports(kube.writes()),
                clients,
                ApiServer::tell,
                clock);
        etcd = keep(
                new OwnEtcd<>(address, config.self().name(), clients, store -> MeshLife.start(around, store), clock));
        run("etcd", ETCD_CHECK, List.of(), etcd::pass);
        run("renewed certificates", RENEWAL_CHECK, List.of(), peers::fetchRenewed);
    }

    private void report() {
        var events = kube.writes().events(COMPONENT);
        report(
                "annotations of services",
                tables.services(),
                on -> ServiceAnnotations.parse(
                                new ServiceName(on.key().namespace(), on.key().name()), on.annotations())
                        .invalid(),
                (on, message) -> invalid(events, KubeEvents.Subject.service(on.key(), on.uid()), message));
        report(
                "addresses that services ask for",
                tables.services(),
                on -> RequestedAddresses.of(on).refused(),
                (on, message) -> invalid(events, KubeEvents.Subject.service(on.key(), on.uid()), message));
        report(
                "ports of services",
                tables.services(),
                this::refusedPorts,
                (on, message) -> events.record(
                        KubeEvents.Subject.service(on.key(), on.uid()),
                        KubeEvents.Severity.WARNING,
                        "PortNotServed",
                        message));
        report(
                "annotations of namespaces",
                tables.namespaces(),
                on -> GlobalNamespaces.check(on.name(), on.annotations()),
                (on, message) -> invalid(events, KubeEvents.Subject.namespace(on.name()), message));
        run(
                "cluster status",
                RECHECK,
                List.of(tables.nodes(), tables.services(), tables.clusterMesh()),
                this::describe);
        run("certificates", RENEWAL_CHECK, List.of(), () -> material.set(certificates.ensure()));
    }

    private <K extends Comparable<? super K>, V> void report(
            String name, Table<K, V> objects, Function<V, List<Invalid>> check, AnnotationReports.Reports<V> reports) {
        run(name, Duration.ofMinutes(1), List.of(objects), new AnnotationReports<>(objects, check, reports)::pass);
    }

    /** Of a service that is left to kube-proxy they are none of our business. */
    private List<Invalid> refusedPorts(KubeService service) {
        var name = new ServiceName(service.key().namespace(), service.key().name());
        boolean isOurs = config.served() == ServedServices.ALL
                || ServiceAnnotations.parse(name, service.annotations()).global();
        return isOurs && !service.isOfAnotherProxy() ? service.refusedPorts() : List.of();
    }

    private static void invalid(KubeEvents events, KubeEvents.Subject on, String message) throws IOException {
        events.record(on, KubeEvents.Severity.WARNING, "InvalidAnnotation", message);
    }

    private void describe() throws IOException {
        var object = tables.clusterMesh().snapshot().get(ClusterMeshObject.SINGLETON);
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

    private void run(String name, Duration interval, List<Table<?, ?>> inputs, Passes.Pass pass) {
        passes.add(keep(Passes.start(name, interval, inputs, ApiServer::tell, pass)));
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

    @Override
    public void close() {
        Closing.all(running);
        kube.close();
    }
}
