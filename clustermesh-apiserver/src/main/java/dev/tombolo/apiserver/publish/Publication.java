package dev.tombolo.apiserver.publish;

import dev.tombolo.apiserver.config.SelfCluster;
import dev.tombolo.apiserver.derive.Grouping;
import dev.tombolo.apiserver.identity.PodLabelsPlan;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What this cluster says of itself, kept up row by row from what Kubernetes says. Owns the threads that plan. */
public final class Publication implements AutoCloseable {
    private final KubeTables kube;
    private final SelfCluster self;
    private final GlobalNamespaces namespaces;
    private final Table<String, MeshNode> nodes = new Table<>("published nodes");
    private final Table<SecurityIdentity, IdentityLabels> identities = new Table<>("published identities");
    private final Table<ObjectKey, IdentityLabels> podLabels = new Table<>("pod labels");
    private final Table<IpAddress, MeshEndpoint> endpoints = new Table<>("published endpoints");
    private final Table<ServiceName, MeshService> services = new Table<>("published services");
    private final Grouping<ObjectKey, KubePod, IpAddress> podsByAddress;
    private final Grouping<ObjectKey, KubePod, String> podsByNode;
    private final Grouping<ObjectKey, IdentityLabels, IdentityLabels> podsByLabels;
    private final Grouping<String, MeshIdentityObject, IdentityLabels> identitiesByLabels;
    private final Grouping<ObjectKey, KubeEndpointSlice, ServiceName> slicesByService;
    private final List<Derivation<?, ?>> running = new ArrayList<>();

    public Publication(KubeTables kube, SelfCluster self, GlobalNamespaces namespaces) {
        this.kube = kube;
        this.self = self;
        this.namespaces = namespaces;
        podsByAddress = new Grouping<>(kube.pods(), EndpointPlan::addresses);
        podsByNode = new Grouping<>(kube.pods(), pod -> List.of(pod.nodeName()));
        podsByLabels = new Grouping<>(podLabels, List::of);
        identitiesByLabels = new Grouping<>(kube.identities(), object -> List.of(labels(object)));
        slicesByService = new Grouping<>(kube.slices(), slice -> List.of(service(slice.service())));
    }

    public Publication start() {
        running.add(Derivation.into(nodes)
                .from(kube.nodes(), List::of)
                .keys(() -> keys(kube.nodes().snapshot()))
                .row(this::node)
                .start());
        running.add(Derivation.into(identities)
                .from(kube.identities(), name -> List.of(new SecurityIdentity(Long.parseLong(name))))
                .keys(() -> identityKeys())
                .row(this::identity)
                .start());
        running.add(Derivation.into(podLabels)
                .from(kube.pods(), List::of)
                .from(kube.namespaces(), name -> inNamespace(kube.pods().snapshot(), name))
                .keys(() -> keys(kube.pods().snapshot()))
                .row(this::labelsOf)
                .start());
        running.add(Derivation.into(endpoints)
                .from(kube.pods(), podsByAddress::affected)
                .from(podLabels, this::addressesOf)
                .from(kube.identities(), this::addressesOfIdentity)
                .from(kube.nodes(), node -> addressesOf(podsByNode.members(node)))
                .keys(this::everyAddress)
                .row(this::endpoint)
                .start());
        running.add(Derivation.into(services)
                .from(kube.services(), key -> List.of(service(key)))
                .from(kube.slices(), slicesByService::affected)
                .from(kube.namespaces(), name -> servicesIn(name))
                .keys(this::everyService)
                .row(this::service)
                .start());
        return this;
    }

    public Table<String, MeshNode> nodes() {
        return nodes;
    }

    public Table<SecurityIdentity, IdentityLabels> identities() {
        return identities;
    }

    /** The labels that pods have and identities are needed for. */
    public Table<ObjectKey, IdentityLabels> podLabels() {
        return podLabels;
    }

    public Table<IpAddress, MeshEndpoint> endpoints() {
        return endpoints;
    }

    public Table<ServiceName, MeshService> services() {
        return services;
    }

    @Override
    public void close() {
        running.forEach(Derivation::close);
    }

    private Optional<MeshNode> node(String name) {
        return kube.nodes().snapshot().get(name).flatMap(node -> NodePlan.node(node, self));
    }

    private Optional<IdentityLabels> identity(SecurityIdentity id) {
        return self.numbering().belongsTo(id, self.id())
                ? kube.identities().snapshot().get(id.toString()).map(Publication::labels)
                : Optional.empty();
    }

    private Optional<IdentityLabels> labelsOf(ObjectKey pod) {
        var namespace = kube.namespaces().snapshot().get(pod.namespace());
        return kube.pods().snapshot().get(pod).flatMap(row -> PodLabelsPlan.labels(row, namespace, self.name()));
    }

    private Optional<MeshEndpoint> endpoint(IpAddress address) {
        var claimants = podsByAddress.members(address).stream()
                .flatMap(key -> kube.pods().snapshot().get(key).stream())
                .filter(pod -> EndpointPlan.addresses(pod).contains(address))
                .toList();
        return EndpointPlan.owner(claimants)
                .flatMap(pod -> identityOf(pod.key())
                        .map(identity -> EndpointPlan.endpoint(address, pod, nodeAddress(pod.nodeName()), identity)));
    }

    private Optional<SecurityIdentity> identityOf(ObjectKey pod) {
        return podLabels
                .snapshot()
                .get(pod)
                .flatMap(labels -> identitiesByLabels.members(labels).stream()
                        .map(Long::parseLong)
                        .map(SecurityIdentity::new)
                        .filter(id -> self.numbering().belongsTo(id, self.id()))
                        .min(SecurityIdentity::compareTo));
    }

    private Optional<IpAddress> nodeAddress(String node) {
        return kube.nodes()
                .snapshot()
                .get(node)
                .flatMap(row -> row.internalIps().stream().findFirst());
    }

    private Optional<MeshService> service(ServiceName name) {
        var key = new ObjectKey(name.namespace(), name.name());
        var slices = slicesByService.members(name).stream()
                .flatMap(slice -> kube.slices().snapshot().get(slice).stream())
                .toList();
        return kube.services()
                .snapshot()
                .get(key)
                .flatMap(row -> ServicePlan.service(
                        row, kube.namespaces().snapshot().get(name.namespace()), slices, self, namespaces));
    }

    private Set<IpAddress> addressesOf(ObjectKey pod) {
        return addressesOf(List.of(pod));
    }

    private Set<IpAddress> addressesOf(Collection<ObjectKey> pods) {
        var snapshot = kube.pods().snapshot();
        return pods.stream()
                .flatMap(key -> snapshot.get(key).stream())
                .flatMap(pod -> EndpointPlan.addresses(pod).stream())
                .collect(Collectors.toSet());
    }

    private Set<IpAddress> addressesOfIdentity(String identity) {
        return identitiesByLabels.affected(identity).stream()
                .flatMap(labels -> addressesOf(podsByLabels.members(labels)).stream())
                .collect(Collectors.toSet());
    }

    private Set<IpAddress> everyAddress() {
        identitiesByLabels.all();
        return podsByAddress.all();
    }

    private Set<ServiceName> everyService() {
        slicesByService.all();
        return keys(kube.services().snapshot()).stream()
                .map(Publication::service)
                .collect(Collectors.toSet());
    }

    private List<ServiceName> servicesIn(String namespace) {
        return inNamespace(kube.services().snapshot(), namespace).stream()
                .map(Publication::service)
                .toList();
    }

    private Set<SecurityIdentity> identityKeys() {
        return keys(kube.identities().snapshot()).stream()
                .map(name -> new SecurityIdentity(Long.parseLong(name)))
                .collect(Collectors.toSet());
    }

    private static <V> List<ObjectKey> inNamespace(Snapshot<ObjectKey, V> rows, String namespace) {
        var keys = new ArrayList<ObjectKey>();
        var following = rows.from(new ObjectKey(namespace, ""));
        while (following.hasNext()) {
            var key = following.next().getKey();
            if (!key.namespace().equals(namespace)) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }

    private static <K extends Comparable<? super K>> Set<K> keys(Snapshot<K, ?> rows) {
        return rows.stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static IdentityLabels labels(MeshIdentityObject object) {
        return new IdentityLabels(object.labels());
    }

    private static ServiceName service(ObjectKey key) {
        return new ServiceName(key.namespace(), key.name());
    }
}
