package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.outside.Shortcut.Way;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.netlink.Link;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which uplinks get a program before their stack, and how. */
final class ShortcutPlan {
    /** Takes a program, and loses what it sends back where the other end has none. */
    private static final String VETH = "veth";

    private ShortcutPlan() {}

    /** @param uplinks the indexes of the devices that have the programs after the stack's entrance */
    static Map<String, Shortcut> shortcuts(
            NodeNetwork network, Map<String, Integer> uplinks, Acceleration acceleration) {
        var shortcuts = new TreeMap<String, Shortcut>();
        uplinks.forEach((device, index) -> {
            boolean veth = network.link(device)
                    .flatMap(Link::kind)
                    .filter(VETH::equals)
                    .isPresent();
            way(acceleration, veth).ifPresent(way -> shortcuts.put(device, new Shortcut(index, way)));
        });
        return shortcuts;
    }

    private static Optional<Way> way(Acceleration acceleration, boolean veth) {
        return switch (acceleration) {
            case DISABLED -> Optional.empty();
            case NATIVE -> Optional.of(veth ? Way.UNSAFE : Way.NATIVE);
            case BEST_EFFORT -> veth ? Optional.empty() : Optional.of(Way.NATIVE_IF_POSSIBLE);
            case TESTING_ONLY -> Optional.of(Way.GENERIC);
        };
    }
}
