package dev.tombolo.agent.mesh;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.path.Path;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;

/** Every fact the agent holds: what sources write first, what plans make of it after. */
public final class MeshTables {
    public static final String OWN = "own";

    public final Table<String, KubeNode> kubeNodes = new Table<>("kubernetes nodes");
    public final Table<String, KubeNamespace> namespaces = new Table<>("namespaces");
    public final Table<ObjectKey, KubeService> kubeServices = new Table<>("kubernetes services");
    public final Table<ObjectKey, KubeEndpointSlice> slices = new Table<>("endpoint slices");
    public final Table<String, MeshPeerObject> meshPeers = new Table<>("mesh peers");
    public final Table<String, OwnTunnel> ownTunnel = new Table<>("own tunnel");
    public final HeardTables heard = HeardTables.named("heard");

    public final Table<ClusterName, PeerDeclaration> declared = new Table<>("declared peers");
    public final Table<ClusterName, PeerDeclaration> routed = new Table<>("routed peers");
    final Table<String, Long> served = new Table<>("turns of services while a peer leaves");
    public final Table<ClusterName, Boolean> wanted = new Table<>("followed clusters");
    public final Table<ClusterName, PeerRules> rules = new Table<>("peer rules");
    public final Table<ClusterName, PeerRules> serviceRules = new Table<>("peer rules of services");
    public final Refusals refusals = new Refusals();
    public final HeardTables believed = HeardTables.named("believed");
    public final Table<WireGuardKey, TunnelPeer> peers = new Table<>("peers");
    public final Table<Prefix, TunnelRoute> routes = new Table<>("routes");
    public final Table<NodeId, PathMeasure> measures = new Table<>("path measures");
    public final Table<NodeId, PathState> pathStates = new Table<>("path states");
    public final Table<String, String> nft = new Table<>("nft");
    public final Table<Prefix, IpcacheEntry> ipcache = new Table<>("ipcache");
    public final Table<IpAddress, Path> paths = new Table<>("paths");
    public final Table<IpAddress, Boolean> nodeAddresses = new Table<>("addresses of the node");
    public final Table<String, String> nodeZone = new Table<>("zone of the node");
    public final Table<ServiceName, ServedService> services = new Table<>("services");
    public final Table<Frontend, ServiceEntry> frontends = new Table<>("frontends");

    public MeshTables() {
        // What was not measured yet holds nothing up: a path may then be as large as its device, and is not dead.
        measures.markInitialized();
        pathStates.markInitialized();
        served.markInitialized();
    }
}
