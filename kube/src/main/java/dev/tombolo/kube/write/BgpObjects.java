package dev.tombolo.kube.write;

import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.resource.BgpRows;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.reconciler.loop.Target;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cilium's kinds for BGP, read once or told how they are; what follows them as tables is {@code BgpSources}. */
public final class BgpObjects {
    private final KindObjects objects;
    private final StatusWrites statuses;

    BgpObjects(KubernetesClient client) {
        this.objects = new KindObjects(client);
        this.statuses = new StatusWrites(client);
    }

    /** Whether these kinds are ours to act on: what Cilium has defined, Cilium carries out. */
    public boolean areOurs() throws IOException {
        return statuses.owns(CustomKinds.BGP_CLUSTER_CONFIG);
    }

    /** None where the kind is not installed; the same holds for the others. */
    public List<BgpClusterConfigObject> clusterConfigs() throws IOException {
        return objects.listIfServed(CustomKinds.BGP_CLUSTER_CONFIG, BgpRows::clusterConfig);
    }

    public List<BgpPeerConfigObject> peerConfigs() throws IOException {
        return objects.listIfServed(CustomKinds.BGP_PEER_CONFIG, BgpRows::peerConfig);
    }

    public List<BgpAdvertisementObject> advertisements() throws IOException {
        return objects.listIfServed(CustomKinds.BGP_ADVERTISEMENT, BgpRows::advertisement);
    }

    public List<BgpNodeConfigObject> nodeConfigs() throws IOException {
        return objects.listIfServed(CustomKinds.BGP_NODE_CONFIG, BgpRows::nodeConfig);
    }

    public void removeClusterConfig(String name) throws IOException {
        objects.delete(CustomKinds.BGP_CLUSTER_CONFIG, name);
    }

    /** Begins to drain what a CiliumBGPClusterConfig configures, or ends that. */
    public void drain(String clusterConfig, Optional<BgpDrain> drain) throws IOException {
        var annotations = new HashMap<String, String>();
        annotations.put(BgpDrain.ANNOTATION, drain.map(BgpDrain::toString).orElse(null));
        objects.annotate(CustomKinds.BGP_CLUSTER_CONFIG, clusterConfig, annotations);
    }

    public boolean clusterConfig(String name, BgpClusterConfigObject.Status status) throws IOException {
        return statuses.write(CustomKinds.BGP_CLUSTER_CONFIG, name, status);
    }

    public boolean peerConfig(String name, BgpPeerConfigObject.Status status) throws IOException {
        return statuses.write(CustomKinds.BGP_PEER_CONFIG, name, status);
    }

    public boolean advertisement(String name, BgpAdvertisementObject.Status status) throws IOException {
        return statuses.write(CustomKinds.BGP_ADVERTISEMENT, name, status);
    }

    public boolean override(String name, BgpOverrideObject.Status status) throws IOException {
        return statuses.write(CustomKinds.BGP_OVERRIDE, name, status);
    }

    /** Of a node that there is not: who is there writes it again within a minute. */
    public void removeNodeConfig(String node) throws IOException {
        objects.delete(CustomKinds.BGP_NODE_CONFIG, node);
    }

    /** The CiliumBGPNodeConfig of one node, by its name; nobody else's is read or written. */
    public Target<String, BgpNodeConfigObject.Content> nodeConfig(String node) {
        return new NodeConfigTarget(node);
    }

    private final class NodeConfigTarget implements Target<String, BgpNodeConfigObject.Content> {
        private final String node;

        private NodeConfigTarget(String node) {
            this.node = node;
        }

        @Override
        public Map<String, BgpNodeConfigObject.Content> observe() throws IOException {
            return objects.find(CustomKinds.BGP_NODE_CONFIG, node, BgpRows::nodeConfig)
                    .map(found -> Map.of(node, new BgpNodeConfigObject.Content(found.spec(), found.status())))
                    .orElse(Map.of());
        }

        @Override
        public void put(String name, BgpNodeConfigObject.Content content) throws IOException {
            objects.put(CustomKinds.BGP_NODE_CONFIG, name, content.spec());
            statuses.write(CustomKinds.BGP_NODE_CONFIG, name, content.status());
        }

        @Override
        public void remove(String name) throws IOException {
            objects.delete(CustomKinds.BGP_NODE_CONFIG, name);
        }
    }
}
