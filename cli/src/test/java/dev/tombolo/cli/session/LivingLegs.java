package dev.tombolo.cli.session;

import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Held;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the agents of a living cluster see of their nodes' legs. */
final class LivingLegs {
    private static final List<String> OUT = List.of("out");
    private static final String ADDRESS = "192.0.2.10";

    private final Map<String, NodeLegs> seen = new ConcurrentHashMap<>();

    NodeLegs of(String node) {
        return seen.getOrDefault(node, NodeLegs.NONE);
    }

    /** False for what has nothing to do with legs. */
    boolean happens(String what) {
        switch (what) {
            case "legs hold" -> {
                seen.put("n1", new NodeLegs(List.of(holds("gateway", "n2", "answers by tombolo-eg1")), List.of()));
                seen.put("n2", gateway(holds("route", ADDRESS, "via 192.0.2.1 dev eth0")));
            }
            case "n2 has no route" ->
                seen.put(
                        "n2",
                        gateway(new Leg(
                                "route",
                                ADDRESS,
                                OUT,
                                State.Broken,
                                "no route to 198.51.100.0/24 by eth0",
                                "a route by eth0, which has 192.0.2.10",
                                "without one packets are lost",
                                "ip route add default via ROUTER dev eth0 on the node")));
            case "n1 has the address too" ->
                seen.put("n1", new NodeLegs(of("n1").checked(), List.of(new Held(ADDRESS, "lo"))));
            case "n2's router has another number" ->
                seen.put(
                        "n2",
                        of("n2").with(List.of(new Leg(
                                "bgp asn",
                                "main/tor1",
                                List.of(),
                                State.Broken,
                                "received 2/2 (wrong AS number)",
                                "the router to have AS 65000, and to expect AS 65001 of 192.0.2.10",
                                "one side has another number than the other one was told",
                                "compare peerASN and localASN of the CiliumBGPClusterConfig with the router"))));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static NodeLegs gateway(Leg route) {
        return new NodeLegs(List.of(holds("address", ADDRESS, "on eth0"), route), List.of(new Held(ADDRESS, "eth0")));
    }

    private static Leg holds(String leg, String of, String read) {
        return new Leg(leg, of, OUT, State.Holds, read, "", "", "");
    }
}
