package dev.tombolo.bgp.report;

import dev.tombolo.model.bgp.BgpClusterConfig;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpInstance;
import dev.tombolo.model.bgp.BgpNodeOverride;
import dev.tombolo.model.bgp.BgpOverrideReading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether there is anything on its node that a CiliumBGPNodeConfigOverride is for. */
record OverrideReport(
        BgpOverrideReading reading,
        Map<String, Map<String, String>> nodes,
        Collection<BgpClusterConfig> clusterConfigs) {
    BgpCondition inForce() {
        String node = reading.override().node();
        if (!nodes.containsKey(node)) {
            return not("NoNode", "there is no node " + node + "; give it the name of the node that it is for");
        }
        return clusterConfigs.stream()
                .filter(config -> config.nodes().matches(nodes.get(node)))
                .min(BgpClusterConfig.RANK)
                .map(this::inForce)
                .orElseGet(() -> not(
                        "NoClusterConfig",
                        "no " + BgpClusterConfigReading.KIND + " that is in force is for " + node
                                + "; see their nodeSelector and conditions"));
    }

    private BgpCondition inForce(BgpClusterConfig config) {
        var instances = new TreeMap<>(reading.override().instances());
        var without = new ArrayList<String>();
        instances.forEach((name, override) -> without.addAll(without(name, override, config)));
        boolean any = instances.keySet().stream()
                .anyMatch(name -> instance(config, name).isPresent());
        if (!any) {
            return instances.isEmpty()
                    ? not("NothingClear", "nothing that it says can be meant; tombolo.dev/Invalid names what to mend")
                    : not("NoInstance", message(config, without));
        }
        boolean whole = without.isEmpty() && reading.refused().isEmpty();
        return new BgpCondition(BgpCondition.IN_FORCE, true, whole ? "AsWritten" : "InPart", message(config, without));
    }

    private static List<String> without(String name, BgpNodeOverride.Instance override, BgpClusterConfig config) {
        var instance = instance(config, name);
        if (instance.isEmpty()) {
            return List.of("instance " + name);
        }
        return override.localAddresses().keySet().stream()
                .filter(peer -> instance.get().routers().stream()
                        .noneMatch(router -> router.name().equals(peer)))
                .sorted()
                .map(peer -> "peer " + name + "/" + peer)
                .toList();
    }

    private static Optional<BgpInstance> instance(BgpClusterConfig config, String name) {
        return config.instances().stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst();
    }

    private static String message(BgpClusterConfig config, List<String> without) {
        return without.isEmpty()
                ? ""
                : BgpClusterConfigReading.KIND + " " + config.name() + " has none of these in force: "
                        + BgpCondition.listed(without) + "; compare the names";
    }

    private static BgpCondition not(String reason, String message) {
        return new BgpCondition(BgpCondition.IN_FORCE, false, reason, message);
    }
}
