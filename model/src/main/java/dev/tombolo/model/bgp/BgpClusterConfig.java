package dev.tombolo.model.bgp;

import dev.tombolo.model.label.LabelSelector;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which nodes speak to which routers.
 *
 * @param nodes those that it is for
 * @param drain present while all that these nodes say is being taken back
 */
public record BgpClusterConfig(
        String name, Instant created, LabelSelector nodes, List<BgpInstance> instances, Optional<BgpDrain> drain) {
    /** Of two for the same node the younger one is at fault, then the last one by name. */
    public static final Comparator<BgpClusterConfig> RANK =
            Comparator.comparing(BgpClusterConfig::created).thenComparing(BgpClusterConfig::name);

    public BgpClusterConfig {
        instances = List.copyOf(instances);
    }
}
