package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of reading a CiliumBGPClusterConfig. A router that cannot be meant is left out, and the others are in force; where
 * it is not clear which nodes are meant, nothing is.
 *
 * @param config empty where nothing is in force
 * @param refused what is wrong; empty for a configuration that is in force as it was written
 */
public record BgpClusterConfigReading(String name, Optional<BgpClusterConfig> config, List<Invalid> refused) {
    public static final String KIND = "CiliumBGPClusterConfig";
    private static final int MOST_INSTANCES = 16;

    public BgpClusterConfigReading {
        refused = List.copyOf(refused);
    }

    public static BgpClusterConfigReading of(
            String name, Instant created, BgpClusterConfigSpec spec, Map<String, String> annotations) {
        String where = KIND + " " + name;
        var refused = new ArrayList<Invalid>();
        var fields = new BgpFields(where, refused);
        var nodes = fields.selector("spec.nodeSelector", spec.nodeSelector());
        int count = spec.bgpInstances().size();
        if (count == 0 || count > MOST_INSTANCES) {
            fields.refuse("spec.bgpInstances", count == 0 ? "none" : count + " instances", "1 to " + MOST_INSTANCES);
        }
        boolean clear = refused.isEmpty();
        var instances = new BgpInstanceFields(fields).instances("spec.bgpInstances", spec.bgpInstances());
        var ours = new BgpAnnotations(where, annotations, refused);
        ours.allow(Set.of(BgpDrain.ANNOTATION));
        var drain = ours.drain();
        return new BgpClusterConfigReading(
                name,
                clear && !instances.isEmpty()
                        ? Optional.of(new BgpClusterConfig(name, created, nodes, instances, drain))
                        : Optional.empty(),
                refused);
    }
}
