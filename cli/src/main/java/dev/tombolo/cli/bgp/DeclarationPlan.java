package dev.tombolo.cli.bgp;

import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.bgp.BgpClusterConfig;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was declared for BGP and is not so. It is read from the objects themselves: their conditions say the same, as long as
 * there is a mesh API server to write them. Pure.
 */
final class DeclarationPlan {
    private static final int SHOWN = 3;

    private DeclarationPlan() {}

    /** Sessions that were asked for and that no node can have. */
    static List<Notice> gaps(ObservedBgp seen) {
        var gaps = new ArrayList<Notice>();
        for (var object : seen.clusterConfigs()) {
            if (leavesOut(object)) {
                gaps.add(refused(
                        "ciliumbgpclusterconfig",
                        object.head().name(),
                        object.reading().refused()));
            }
            object.reading()
                    .config()
                    .filter(config -> matched(config, seen).isEmpty())
                    .ifPresent(config -> gaps.add(nobody(config)));
            object.reading().config().stream()
                    .flatMap(config -> overtaken(config, seen).stream())
                    .forEach(gaps::add);
        }
        return List.copyOf(gaps);
    }

    /** What else is refused; the sessions that it is about are as far as they can be. */
    static List<Notice> remarks(ObservedBgp seen) {
        var configs = seen.clusterConfigs().stream()
                .filter(object -> !leavesOut(object))
                .map(object -> refused(
                        "ciliumbgpclusterconfig",
                        object.head().name(),
                        object.reading().refused()));
        var peers = seen.peerConfigs().stream()
                .map(object -> refused(
                        "ciliumbgppeerconfig",
                        object.head().name(),
                        object.reading().refused()));
        var advertisements = seen.advertisements().stream()
                .map(object -> refused(
                        "ciliumbgpadvertisement",
                        object.head().name(),
                        object.reading().refused()));
        return Stream.of(configs, peers, advertisements)
                .flatMap(notices -> notices)
                .filter(notice -> !notice.what().isEmpty())
                .toList();
    }

    private static boolean leavesOut(BgpClusterConfigObject object) {
        int written = object.spec().bgpInstances().stream()
                .mapToInt(instance -> instance.peers().size())
                .sum();
        int meant = object.reading().config().map(DeclarationPlan::routers).orElse(0);
        return object.reading().config().isEmpty() || meant < written;
    }

    private static int routers(BgpClusterConfig config) {
        return config.instances().stream()
                .mapToInt(instance -> instance.routers().size())
                .sum();
    }

    private static Notice refused(String kind, String name, List<Invalid> refused) {
        String more = refused.size() > SHOWN ? "; and " + (refused.size() - SHOWN) + " more" : "";
        return new Notice(
                refused.stream().limit(SHOWN).map(Invalid::toString).collect(Collectors.joining("; ")) + more,
                "correct it: kubectl edit " + kind + " " + name);
    }

    private static List<KubeNode> matched(BgpClusterConfig config, ObservedBgp seen) {
        return seen.nodes().stream()
                .filter(node -> config.nodes().matches(node.labels()))
                .toList();
    }

    private static Notice nobody(BgpClusterConfig config) {
        return new Notice(
                BgpClusterConfigReading.KIND + " " + config.name()
                        + ": no node has the labels of its spec.nodeSelector",
                "compare them with kubectl get nodes --show-labels");
    }

    /** An older one has the node. */
    private static Optional<Notice> overtaken(BgpClusterConfig config, ObservedBgp seen) {
        var lost = matched(config, seen).stream()
                .filter(node -> !winner(node, seen).equals(config.name()))
                .toList();
        String more = lost.size() > 1 ? " and " + (lost.size() - 1) + " more" : "";
        return lost.stream()
                .findFirst()
                .map(node -> new Notice(
                        BgpClusterConfigReading.KIND + " " + config.name() + " is not in force on node " + node.name()
                                + more + ": " + winner(node, seen) + " is older and for it too",
                        "change the nodeSelector of one of them"));
    }

    private static String winner(KubeNode node, ObservedBgp seen) {
        return seen.configs(node).getFirst().name();
    }
}
