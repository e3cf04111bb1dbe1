package dev.tombolo.kube.write;

import dev.tombolo.kube.object.ObjectKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;

/** Everything the product writes to Kubernetes. */
public final class KubeWrites {
    private final KubernetesClient client;

    public KubeWrites(KubernetesClient client) {
        this.client = client;
    }

    /** Annotations of Nodes. */
    public NodeFacts nodes() {
        return new NodeFacts(client);
    }

    /** Identities, created by compare-and-set. */
    public MeshIdentities identities() {
        return new MeshIdentities(client);
    }

    /** Status of ClusterMesh, MeshPeer and MeshNode objects. */
    public StatusWrites statuses() {
        return new StatusWrites(client);
    }

    /** Addresses that clients outside have for Services. */
    public ServiceAddresses serviceAddresses() {
        return new ServiceAddresses(client);
    }

    /** Peers and the ClusterMesh object themselves. */
    public MeshObjects mesh() {
        return new MeshObjects(client);
    }

    /** What was declared for BGP, and how it is. */
    public BgpObjects bgp() {
        return new BgpObjects(client);
    }

    public Secrets secrets() {
        return new Secrets(client);
    }

    public ConfigMaps configMaps() {
        return new ConfigMaps(client);
    }

    /** Events, said to come from {@code component}. */
    public KubeEvents events(String component) {
        return new KubeEvents(client, component, InstantSource.system());
    }

    /** Takes part in the election of a leader from now on; closing the result gives leadership up. */
    public Leadership leadership(ObjectKey lease, String identity, Leadership.Callbacks callbacks) {
        return leadership(lease, identity, Leadership.Timing.DEFAULT, callbacks);
    }

    public Leadership leadership(
            ObjectKey lease, String identity, Leadership.Timing timing, Leadership.Callbacks callbacks) {
        return Leadership.start(new LeaseStore(client, lease), identity, timing, InstantSource.system(), callbacks);
    }

    /** Deployments, DaemonSets and their pods, for whoever waits for them. */
    public Workloads workloads() {
        return new Workloads(client);
    }

    /** Whole manifests, for the command line. */
    public Manifested manifests() {
        return new Manifested(client);
    }
}
