package dev.tombolo.apiserver.bgp;

import dev.tombolo.bgp.report.BgpCondition;
import dev.tombolo.bgp.report.ConfigReports;
import dev.tombolo.bgp.report.NodeReport;
import dev.tombolo.kube.object.BgpAdvertisementObject;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpOverrideObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.ObjectHead;
import dev.tombolo.kube.object.ObservedCondition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What each object is told that became of it on all nodes together, and since when. {@code before} is its last status. */
final class BgpStatusPlan {
    private final ConfigReports reports;
    private final Instant now;

    private BgpStatusPlan(ConfigReports reports, Instant now) {
        this.reports = reports;
        this.now = now;
    }

    /** @param heard the nodes whose agents can be believed */
    static BgpStatusPlan of(BgpTables tables, Collection<KubeNode> nodes, Set<String> heard, Instant now) {
        var labels = nodes.stream().collect(Collectors.toMap(KubeNode::name, KubeNode::labels));
        var configs = tables.clusterConfigs()
                .snapshot()
                .values()
                .flatMap(object -> object.reading().config().stream())
                .toList();
        var said = tables.nodeConfigs()
                .snapshot()
                .values()
                .filter(object -> labels.containsKey(object.head().name()))
                .map(object -> report(object, heard))
                .toList();
        var peerConfigs = tables.peerConfigs().snapshot().toMap().keySet();
        return new BgpStatusPlan(new ConfigReports(labels, configs, peerConfigs, said), now);
    }

    private static NodeReport report(BgpNodeConfigObject object, Set<String> heard) {
        var report = NodeReportPlan.report(object);
        return heard.contains(report.node()) ? report : report.unheard();
    }

    BgpClusterConfigObject.Status clusterConfig(BgpClusterConfigObject object, BgpClusterConfigObject.Status before) {
        var found = reports.clusterConfig(object.reading());
        return new BgpClusterConfigObject.Status(
                found.nodes(),
                found.sessions(),
                found.routes(),
                conditions(object.head(), found.conditions(), before.conditions()));
    }

    BgpPeerConfigObject.Status peerConfig(BgpPeerConfigObject object, BgpPeerConfigObject.Status before) {
        var found = reports.peerConfig(object.reading());
        return new BgpPeerConfigObject.Status(
                found.sessions(), conditions(object.head(), found.conditions(), before.conditions()));
    }

    BgpAdvertisementObject.Status advertisement(BgpAdvertisementObject object, BgpAdvertisementObject.Status before) {
        return new BgpAdvertisementObject.Status(
                conditions(object.head(), ConfigReports.advertisement(object.reading()), before.conditions()));
    }

    BgpOverrideObject.Status override(BgpOverrideObject object, BgpOverrideObject.Status before) {
        return new BgpOverrideObject.Status(
                conditions(object.head(), reports.override(object.reading()), before.conditions()));
    }

    private List<ObservedCondition> conditions(
            ObjectHead head, List<BgpCondition> said, List<ObservedCondition> before) {
        return said.stream()
                .map(condition -> ObservedCondition.of(
                                condition.type(),
                                condition.holds() ? "True" : "False",
                                head.generation(),
                                condition.reason(),
                                condition.message())
                        .after(before, now))
                .toList();
    }
}
