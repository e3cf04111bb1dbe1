package dev.tombolo.agent.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.netlink.Link;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose hardware is {@code eth0}, and {@code up0} one end of a veth pair. */
class ShortcutPlanTest {
    private static final NodeNetwork NETWORK = new NodeNetwork(
            List.of(
                    new Link(2, "eth0", 1500, true, Optional.empty()),
                    new Link(3, "up0", 1500, true, Optional.of("veth")),
                    new Link(4, "cni0", 1500, true, Optional.of("bridge"))),
            List.of(),
            List.of());

    @ParameterizedTest
    @CsvSource({
        "DISABLED,     -,                  -",
        "NATIVE,       NATIVE,             UNSAFE",
        "BEST_EFFORT,  NATIVE_IF_POSSIBLE, -",
        "TESTING_ONLY, GENERIC,            GENERIC"
    })
    void uplinksGetWhatTheSettingSays(Acceleration acceleration, String hardware, String veth) {
        var planned = ShortcutPlan.shortcuts(NETWORK, Map.of("eth0", 2, "up0", 3), acceleration);
        assertThat(way(planned, "eth0", 2)).isEqualTo(hardware);
        assertThat(way(planned, "up0", 3)).isEqualTo(veth);
        assertThat(planned).doesNotContainKey("cni0");
    }

    private static String way(Map<String, Shortcut> planned, String device, int index) {
        return Optional.ofNullable(planned.get(device))
                .filter(shortcut -> shortcut.index() == index)
                .map(shortcut -> shortcut.way().name())
                .orElse("-");
    }
}
