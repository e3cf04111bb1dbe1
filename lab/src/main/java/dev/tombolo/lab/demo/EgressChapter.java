package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.time.Duration;
import java.util.Set;

/** A policy gives the shop's client of cluster1 a fixed address outside: that of the node which it does not run on. */
final class EgressChapter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTSIDE = "http://198.51.100.10:8080/";
    private static final String EGRESS_IP = "172.30.1.200";

    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata:
              name: shop
            spec:
              selectors:
                - podSelector:
                    matchLabels:
                      app: client
                      io.kubernetes.pod.namespace: shop
              destinationCIDRs:
                - 198.51.100.10/32
              egressGateway:
                nodeSelector:
                  matchLabels:
                    egress: "yes"
                egressIP: 172.30.1.200
            """;

    private final Story story;
    private final Programs programs;
    private final Shop shop;

    EgressChapter(Story story, Programs programs, Shop shop) {
        this.story = story;
        this.programs = programs;
        this.shop = shop;
    }

    void play() {
        story.chapter("Known outside by one address");
        String gateway = shop.clientsNode(1).equals("node1") ? "node2" : "node1";
        story.step("without a policy a pod leaves from its node's address", this::seenWithout);
        story.step("with a policy it reaches the outside from the fixed address", () -> {
            prepare(gateway);
            Story.await("the outside to see " + EGRESS_IP, PATIENCE, () -> seen(5).equals(Set.of(EGRESS_IP)));
            return seenWith(gateway);
        });
    }

    private String seenWithout() {
        var addresses = seen(5);
        if (addresses.size() != 1 || addresses.contains(EGRESS_IP)) {
            throw new CheckFailure("expected the address of the pod's node, read " + addresses);
        }
        return addresses.iterator().next();
    }

    private void prepare(String gateway) {
        programs.lab(
                "node-exec",
                "--context",
                "cluster1",
                gateway,
                "--",
                "ip",
                "addr",
                "replace",
                EGRESS_IP + "/24",
                "dev",
                "eth0");
        programs.kubectl(1, "label", "--overwrite", "node", gateway, "egress=yes");
        programs.apply(1, POLICY);
    }

    private String seenWith(String gateway) {
        var result = shop.ask(1, 100, OUTSIDE);
        result.mustHaveLostNothing();
        if (!result.bySource().keySet().equals(Set.of(EGRESS_IP))) {
            throw new CheckFailure("expected only " + EGRESS_IP + ", read " + result.bySource());
        }
        return result.ok() + " requests from " + EGRESS_IP + " of " + gateway;
    }

    private Set<String> seen(int requests) {
        return shop.ask(1, requests, OUTSIDE).bySource().keySet();
    }
}
