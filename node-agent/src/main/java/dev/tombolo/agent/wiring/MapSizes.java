package dev.tombolo.agent.wiring;

import java.util.Map;
import java.util.TreeMap;

/** The eBPF maps whose sizes can be configured: the word under {@code tombolo.maps} and the map's own name. */
final class MapSizes {
    static final String PREFIX = "tombolo.maps.";
    static final Map<String, String> NAMES = new TreeMap<>(Map.of(
            "services", "svc_fe",
            "service-slots", "svc_slot",
            "backends", "svc_backend",
            "udp-clients", "udp_reverse",
            "addresses", "ipc_host",
            "ranges", "ipc_cidr",
            "egress-pods", "eg_source",
            "egress-connections", "eg_nat",
            "service-connections", "lb_nat"));

    private MapSizes() {}

    /** The setting of {@code tombolo install} for the size of a map. */
    static String setting(String map) {
        return NAMES.entrySet().stream()
                .filter(row -> row.getValue().equals(map))
                .map(row -> "maps." + row.getKey())
                .findFirst()
                .orElse("maps.…");
    }
}
