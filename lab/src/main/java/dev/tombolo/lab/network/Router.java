package dev.tombolo.lab.network;

import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * The router between clusters and outside as a speaker of BGP: BIRD in the namespace of the internet. It takes whoever
 * opens a session from the nodes' network, whatever its system, and forwards by what it learns, over several ways at once.
 * Hold times are as nodes ask for, up to its own. A node that has spoken BFD and falls silent loses its routes, graceful
 * restart or not; one that never spoke it is not missed by it. BIRD would keep a node that it has lost so away for a minute,
 * and then for up to five, by its own choice; here it does for seconds.
 */
public record Router(Topology topology) {
    public static final long ASN = 64_512;

    private static final String HEAD = """
            log "%s" all;
            router id %s;
            protocol device { scan time 10; }
            protocol bfd { interface "*" { interval 300 ms; multiplier 3; }; }
            protocol kernel kernel4 { merge paths on; ipv4 { import none; export where source = RTS_BGP; }; }
            protocol kernel kernel6 { merge paths on; ipv6 { import none; export where source = RTS_BGP; }; }
            template bgp nodes {
              local as %d;
              hold time 90;
              error wait time 1, 4;
              bfd on;
              graceful restart on;
              ipv4 { import all; export none; extended next hop on; };
              ipv6 { import all; export none; };
            }
            """;
    private static final String SESSIONS = """
            protocol bgp %1$s from nodes { neighbor range 172.30.%2$d.0/24 external; dynamic name "%1$s_"; }
            """;

    /** Where {@code birdc -s} asks it. */
    public Path control() {
        return topology.home().path("router.ctl");
    }

    public Path configuration() {
        return topology.home().path("router.conf");
    }

    public Path log() {
        return topology.home().path("router.log");
    }

    public String namespace() {
        return topology.home().namespace("internet");
    }

    /** What BIRD reads. */
    public String text() {
        String sessions = topology.clusters().stream()
                .map(cluster -> SESSIONS.formatted(cluster.name(), cluster.index()))
                .collect(Collectors.joining());
        return HEAD.formatted(log(), "198.51.100.1", ASN) + sessions;
    }
}
