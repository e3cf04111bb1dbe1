package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.plan.Audience;
import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.plan.RouteDecision;
import dev.tombolo.bgp.plan.RouteInput;
import dev.tombolo.bgp.plan.RouteOffers;
import dev.tombolo.bgp.plan.RouteSource;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** What the agent holds for BGP: what sources write first, what plans make of it after. */
final class BgpTables {
    final Table<String, BgpClusterConfigObject> clusterConfigs = new Table<>("BGP cluster configs");
    final Table<String, BgpPeerConfigObject> peerConfigs = new Table<>("BGP peer configs");
    final Table<String, BgpAdvertisementObject> advertisements = new Table<>("BGP advertisements");
    final Table<String, BgpOverrideObject> overrides = new Table<>("BGP overrides");
    final Table<String, BgpSecret> secrets = new Table<>("BGP passwords");
    final Table<IpAddress, HeldAddress> egress;
    final Served served;
    final Table<String, NodeNetwork> network = new Table<>("network for BGP");
    /** When routes were last planned anew for no other reason than that time has passed. */
    final Table<String, Instant> time = new Table<>("time for BGP");

    final Table<ServiceName, BgpService> services = new Table<>("BGP services");
    final Table<String, PlannedPeers> peers = new Table<>("BGP peers");
    /** What of the advertisements is in force. */
    final Table<String, BgpAdvertisement> asked = new Table<>("BGP advertisements in force");

    final Table<String, RouteInput.Mesh> reach = new Table<>("clusters as BGP sees them");
    final Table<RouteSource, RouteOffers> offers = new Table<>("offered BGP routes");
    final Table<String, Audience> audience = new Table<>("who is told BGP routes");
    final Table<RouteKey, RouteDecision> decisions = new Table<>("decided BGP routes");
    final Table<RouteKey, PathAttributes> routes = new Table<>("BGP routes");
    final Table<String, BgpNodeConfigObject.Content> report = new Table<>("BGP node config");

    /** @param egress the egress addresses that this node serves now */
    BgpTables(Table<IpAddress, HeldAddress> egress, Served served) {
        this.egress = egress;
        this.served = served;
        time.markInitialized();
        report.markInitialized();
    }

    /** What comes from outside. */
    Stream<Table<?, ?>> read() {
        return Stream.<Table<?, ?>>of(clusterConfigs, peerConfigs, advertisements, overrides, secrets, network);
    }

    /** What each router is told and why, put together as it is asked for; empty while it is not known who is told. */
    Optional<PlannedRoutes> planned() {
        return audience.snapshot()
                .get(MeshTables.OWN)
                .map(told -> PlannedRoutes.of(
                        told,
                        asked.snapshot().values().toList(),
                        offers.snapshot().values().toList(),
                        decisions.snapshot().toMap()));
    }
}
