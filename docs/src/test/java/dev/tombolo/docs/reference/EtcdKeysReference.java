package dev.tombolo.docs.reference;

import static dev.tombolo.docs.reference.Markdown.code;

import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage.Part;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** {@code etcd-keys.md}: what stands in the etcd of the cluster west, which has the peer east. */
final class EtcdKeysReference {
    private static final ClusterName WEST = new ClusterName("west");
    private static final ClusterName EAST = new ClusterName("east");

    private EtcdKeysReference() {}

    static String page() {
        return new Markdown()
                .heading(1, "Keys in etcd")
                .paragraph("""
                        The mesh API server of a cluster keeps an etcd beside it. Its keys are those of Cilium Cluster Mesh; the
                        few of Tombolo's own begin with `tombolo/`. The examples are of a cluster `west` that has a peer `east`.
                        The mesh API server of `west` writes all of them but those that its agents agree on; a peer writes nothing.""".strip())
                .heading(2, "What west says of itself")
                .paragraph(
                        "Peers read these: the certificate of `east` lets it read them, and nothing that `west` knows of others."
                                + " The agents of `west` read the addresses, for the identities of its own pods.")
                .table(List.of("Key", "Value"), own())
                .heading(2, "What west knows of east")
                .paragraph(
                        "The agents of `west` read these. They are copies of what passed the checks, and go with the peer.")
                .table(List.of("Key", "Value"), copied())
                .heading(2, "What the agents of west agree on")
                .paragraph("The agents of `west` write these and nothing else, and no peer reads them: see"
                        + " [decision 10](../decisions/0010-who-holds-an-egress-address.md).")
                .table(
                        List.of("Key", "Value"),
                        List.of(
                                List.of(
                                        code(EgressKeys.vote("<gateway>", "<node>")),
                                        "JSON: whether the gateway's data path answers that node, or ever did; goes with its agent; a"
                                                + " gateway of another cluster is `<gateway>@<cluster>`"),
                                List.of(
                                        code(EgressKeys.OWNERS + "<address>"),
                                        "JSON: the node that holds a floating egress address, with its epoch")))
                .heading(2, "For one peer only")
                .table(
                        List.of("Key", "Value"),
                        List.of(List.of(
                                code(MeshKeys.issuedCertificate(EAST)),
                                "the client certificate that `west` signed for `east`, PEM; only `east` reads it")))
                .heading(2, "About egress, to one peer only")
                .paragraph(
                        "Only `east` reads the first ones; the agents of `west` read the copies of what `east` says to it.")
                .table(List.of("Key", "Value"), messages())
                .text();
    }

    private static List<List<String>> own() {
        var fixed = Stream.of(
                List.of(code(MeshKeys.HEARTBEAT), "the time of the last heartbeat, RFC 3339"),
                List.of(
                        code(MeshKeys.clusterConfig(WEST)),
                        "JSON: the cluster's id, and how many clusters its mesh may have"));
        var state = kinds().map(kind -> List.of(code(MeshKeys.state(kind, WEST) + leaf(kind)), value(kind)));
        var canaries = kinds().map(kind -> List.of(
                code(MeshKeys.stateCanary(kind, WEST)),
                "a time, once every " + code(MeshKeys.state(kind, WEST)) + " is there"));
        return Stream.of(fixed, state, canaries).flatMap(rows -> rows).toList();
    }

    private static List<List<String>> copied() {
        var fixed = Stream.of(
                List.of(code(MeshKeys.clusterConfig(EAST)), "JSON: the id of `east`, marked as a copy"),
                List.of(code(MeshKeys.peerState(EAST)), "JSON: how fresh what is known of `east` is"));
        var state = kinds().map(kind -> List.of(code(MeshKeys.cache(kind, EAST) + leaf(kind)), value(kind)));
        var canaries = kinds().map(kind ->
                List.of(code(MeshKeys.cacheCanary(kind, EAST)), "a time, once the copy of that kind is complete"));
        return Stream.of(fixed, state, canaries).flatMap(rows -> rows).toList();
    }

    private static List<List<String>> messages() {
        var said = Arrays.stream(Part.values())
                .map(part -> List.of(code(EgressMessageKeys.state(part, WEST, EAST) + leaf(part)), value(part)));
        var copies = Arrays.stream(Part.values())
                .map(part -> List.of(code(EgressMessageKeys.cache(part, EAST) + leaf(part)), "the copy, if believed"));
        var canaries = Stream.of(
                List.of(code(EgressMessageKeys.stateCanary(WEST)), "a time, once all that is said to anybody is there"),
                List.of(code(EgressMessageKeys.cacheCanary(EAST)), "a time, once the copy is complete"));
        return Stream.of(said, copies, canaries).flatMap(rows -> rows).toList();
    }

    private static String leaf(Part part) {
        return switch (part) {
            case POLICIES -> "<policy>";
            case PODS -> "<address>";
            case NODES -> "<node>";
        };
    }

    private static String value(Part part) {
        return switch (part) {
            case POLICIES -> "JSON: a policy whose gateways are nodes of `east`";
            case PODS -> "JSON: the policies among them that select a pod, and which of their gateways each is for";
            case NODES ->
                "JSON: a node of `west` that pods of `east` may leave through, and the floating addresses that it holds; none"
                        + " unless `west` allows it";
        };
    }

    private static Stream<Kind> kinds() {
        return Arrays.stream(Kind.values());
    }

    private static String leaf(Kind kind) {
        return switch (kind) {
            case NODES -> "<node>";
            case IDENTITIES -> "<number>";
            case IPS -> "<address>";
            case SERVICES, SERVICE_EXPORTS -> "<namespace>/<name>";
            case ENDPOINT_SLICES -> "<namespace>/<slice>";
        };
    }

    private static String value(Kind kind) {
        return switch (kind) {
            case NODES -> "JSON: a node's addresses, pod ranges and WireGuard key";
            case IDENTITIES -> "the labels of an identity, `k8s:key=value;` each";
            case IPS -> "JSON: the identity and the node of an address";
            case SERVICES -> "JSON: a shared service with its ports and ready backends";
            case ENDPOINT_SLICES, SERVICE_EXPORTS -> "none is written; the complete set is the empty one";
        };
    }
}
