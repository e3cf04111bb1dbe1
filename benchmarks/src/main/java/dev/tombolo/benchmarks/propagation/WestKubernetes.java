package dev.tombolo.benchmarks.propagation;

import dev.tombolo.apiserver.identity.PodLabelsPlan;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.WireGuardKey;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes of the changing cluster says, as rows in the tables that its informers fill. One thread writes. */
final class WestKubernetes {
    private final Shape shape;
    private final KubeTables tables = KubeTables.empty();
    private final IpAddress[] addresses;
    private final int[] replacements;
    private final List<Deque<IpAddress>> freeByNode = new ArrayList<>();
    private final List<List<Integer>> podsByService = new ArrayList<>();

    WestKubernetes(Shape shape) {
        this.shape = shape;
        addresses = new IpAddress[shape.endpoints()];
        replacements = new int[shape.endpoints()];
    }

    KubeTables tables() {
        return tables;
    }

    void fill() {
        tables.namespaces().put(Shape.NAMESPACE, Shape.namespace());
        for (int node = 0; node < shape.nodes(); node++) {
            tables.nodes().put("n" + node, node(node));
            freeByNode.add(new ArrayDeque<>());
            for (int host = 1; host < 255; host++) {
                freeByNode.get(node).add(Shape.podRange(node).address().plus(host));
            }
        }
        for (int service = 0; service < shape.services(); service++) {
            podsByService.add(new ArrayList<>());
        }
        for (int pod = 0; pod < shape.endpoints(); pod++) {
            addresses[pod] = freeByNode.get(Shape.nodeOf(pod)).poll();
            podsByService.get(shape.serviceOf(pod)).add(pod);
            tables.pods().put(podKey(pod), pod(pod));
        }
        for (int service = 0; service < shape.services(); service++) {
            tables.services().put(Shape.serviceKey(service), Shape.service(service));
            tables.slices().put(Shape.serviceKey(service), slice(service));
            identity(service);
        }
        tables.nodes().markInitialized();
        tables.pods().markInitialized();
        tables.namespaces().markInitialized();
        tables.services().markInitialized();
        tables.slices().markInitialized();
        tables.identities().markInitialized();
    }

    /** The address that a pod's successor will have. */
    IpAddress successor(int pod) {
        return freeByNode.get(Shape.nodeOf(pod)).peek();
    }

    /** Replaces a pod by another one of the same Deployment on the same node, as Kubernetes shows it. */
    void replace(int pod) {
        var free = freeByNode.get(Shape.nodeOf(pod));
        var gone = podKey(pod);
        free.add(addresses[pod]);
        addresses[pod] = free.poll();
        replacements[pod]++;
        tables.pods().apply(Map.of(podKey(pod), pod(pod)), Set.of(gone));
        int service = shape.serviceOf(pod);
        tables.slices().put(Shape.serviceKey(service), slice(service));
    }

    /** The addresses that answer a service now. */
    Set<IpAddress> backends(int service) {
        var backends = new TreeSet<IpAddress>();
        podsByService.get(service).forEach(pod -> backends.add(addresses[pod]));
        return backends;
    }

    private static KubeNode node(int node) {
        byte[] key = ByteBuffer.allocate(32).putInt(node + 1).array();
        var annotations = Map.of(
                MeshNode.PUBLIC_KEY_ANNOTATION, WireGuardKey.of(key).base64(),
                MeshNode.TUNNEL_ADDRESS_ANNOTATION,
                        Shape.WEST_TUNNEL.address().plus(node + 1).toString());
        var address = Shape.WEST_NODES.address().plus(node + 1);
        return new KubeNode(
                "n" + node,
                "uid-n" + node,
                Map.of(),
                annotations,
                List.of(Shape.podRange(node)),
                List.of(address),
                List.of(),
                true,
                "boot",
                false);
    }

    private ObjectKey podKey(int pod) {
        return new ObjectKey(Shape.NAMESPACE, "p" + pod + "-" + replacements[pod]);
    }

    private KubePod pod(int pod) {
        return new KubePod(
                podKey(pod),
                "uid-" + podKey(pod).name(),
                Map.of("app", "s" + shape.serviceOf(pod)),
                Map.of(),
                "default",
                "n" + Shape.nodeOf(pod),
                false,
                List.of(addresses[pod]),
                KubePod.Phase.RUNNING,
                true,
                false,
                List.of(new KubePod.Port("http", Shape.TARGET_PORT, Protocol.TCP)),
                List.of("web"));
    }

    private KubeEndpointSlice slice(int service) {
        var endpoints = podsByService.get(service).stream()
                .map(pod -> new Endpoint(
                        addresses[pod],
                        true,
                        true,
                        false,
                        "n" + Shape.nodeOf(pod),
                        "",
                        "",
                        podKey(pod).name()))
                .toList();
        return new KubeEndpointSlice(
                Shape.serviceKey(service),
                Shape.serviceKey(service),
                KubeEndpointSlice.Family.IPV4,
                "",
                Map.of(),
                endpoints,
                List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, Shape.TARGET_PORT)));
    }

    /** What the allocator would have made for the labels of a service's pods. */
    private void identity(int service) {
        long id = Shape.NUMBERING.firstIdentity(Shape.WEST_ID).value() + 1 + service;
        var labels = PodLabelsPlan.labels(
                        pod(podsByService.get(service).getFirst()), Optional.of(Shape.namespace()), Shape.WEST)
                .orElseThrow();
        tables.identities().put(Long.toString(id), new MeshIdentityObject(id, labels.values(), Optional.empty()));
    }
}
