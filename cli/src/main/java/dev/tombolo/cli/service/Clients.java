package dev.tombolo.cli.service;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.io.IOException;
import java.util.Optional;

/** Finds out who a client is. */
record Clients(KubeApi api, Optional<String> namespace) {
    Client find(String from) throws IOException {
        var endpoint = IpAddress.tryParse(from)
                .map(address -> new SocketEndpoint(address, 0))
                .or(() -> withPort(from));
        return endpoint.isPresent() ? at(endpoint.get()) : pod(from);
    }

    private static Optional<SocketEndpoint> withPort(String from) {
        try {
            return Optional.of(SocketEndpoint.parse(from));
        } catch (IllegalArgumentException no) {
            return Optional.empty();
        }
    }

    private Client pod(String from) throws IOException {
        var key = key(from);
        var pod = api.reads().pod(key).flatMap(found -> found.egressPod());
        if (pod.isEmpty() || pod.get().node().isEmpty()) {
            throw CommandFailure.failed("--from: read " + key + ", expected a pod of " + api.address()
                    + " that is on a node and not over; see kubectl -n " + key.namespace() + " get pods -o wide");
        }
        return inside(pod.get());
    }

    private ObjectKey key(String from) throws IOException {
        String full = from.contains("/") ? from : namespace.orElse("") + "/" + from;
        String[] parts = full.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw CommandFailure.usage(
                    "--from: read " + from
                            + ", expected NAMESPACE/NAME of a pod, NAME with --namespace, or an address such as 203.0.113.9 or 203.0.113.9:41000");
        }
        return new ObjectKey(parts[0], parts[1]);
    }

    /** A pod on its node's network has the node's address, and connects as the node does. */
    private Client at(SocketEndpoint endpoint) throws IOException {
        var address = endpoint.address();
        for (var node : api.reads().nodes()) {
            if (node.internalIps().contains(address) || node.externalIps().contains(address)) {
                return new Client.Inside("the node's own network", node.name());
            }
        }
        return api.reads().egressPods().stream()
                .filter(pod -> pod.addresses().contains(address) && !pod.node().isEmpty())
                .findFirst()
                .map(Clients::inside)
                .orElse(new Client.Outside(endpoint));
    }

    private static Client inside(EgressPod pod) {
        return new Client.Inside("pod " + pod.fullName(), pod.node());
    }
}
