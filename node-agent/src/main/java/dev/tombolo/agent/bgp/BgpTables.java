package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.bgp.plan.BgpService;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.time.Instant;

/** What the agent holds for BGP: what sources write first, what plans make of it after. */
final class BgpTables {
    final Table<String, BgpClusterConfigObject> clusterConfigs = new Table<>("BGP cluster configs");
    final Table<String, BgpPeerConfigObject> peerConfigs = new Table<>("BGP peer configs");
    final Table<String, BgpAdvertisementObject> advertisements = new Table<>("BGP advertisements");
    final Table<String, BgpOverrideObject> overrides = new Table<>("BGP overrides");
    final Table<String, BgpSecret> secrets = new Table<>("BGP passwords");
    final Table<String, NodeNetwork> network = new Table<>("network for BGP");
    /** When routes were last planned anew for no other reason than that time has passed. */
    final Table<String, Instant> time = new Table<>("time for BGP");

    final Table<ServiceName, BgpService> services = new Table<>("BGP services");
    final Table<String, PlannedPeers> peers = new Table<>("BGP peers");
    final Table<String, PlannedRoutes> planned = new Table<>("planned BGP routes");
    final Table<RouteKey, PathAttributes> routes = new Table<>("BGP routes");
    final Table<String, BgpNodeConfigObject.Content> report = new Table<>("BGP node config");

    BgpTables() {
        time.markInitialized();
        report.markInitialized();
    }
}
