package dev.tombolo.apiserver.tunnel;

import dev.tombolo.apiserver.publish.NodePlan;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Writes a tunnel address on every Node that lacks one. {@link #pass()} is called by one thread. */
public final class TunnelAddressAllocator {
    private final Table<String, KubeNode> nodes;
    private final Prefix range;
    private final Annotations annotations;
    private final BooleanSupplier elected;

    /** Given out, and perhaps not seen on the Node yet. */
    private final Map<String, IpAddress> given = new HashMap<>();

    /** Writes annotations of Nodes. */
    public interface Annotations {
        void annotate(String node, Map<String, String> annotations) throws IOException;
    }

    public TunnelAddressAllocator(
            Table<String, KubeNode> nodes, Prefix range, Annotations annotations, BooleanSupplier elected) {
        this.nodes = nodes;
        this.range = range;
        this.annotations = annotations;
        this.elected = elected;
    }

    public void pass() throws IOException {
        var known = nodes.snapshot();
        if (!known.initialized() || !elected.getAsBoolean()) {
            given.clear();
            return;
        }
        var names = new TreeSet<String>();
        var held = new HashMap<String, IpAddress>();
        known.forEach(row -> {
            names.add(row.getKey());
            NodePlan.tunnelAddress(row.getValue()).ifPresent(address -> held.put(row.getKey(), address));
        });
        given.entrySet()
                .removeIf(e -> !names.contains(e.getKey()) || e.getValue().equals(held.get(e.getKey())));
        held.putAll(given);
        for (var missing : TunnelAddressPlan.missing(names, held, range).entrySet()) {
            annotations.annotate(
                    missing.getKey(),
                    Map.of(
                            MeshNode.TUNNEL_ADDRESS_ANNOTATION,
                            missing.getValue().toString()));
            given.put(missing.getKey(), missing.getValue());
        }
    }
}
