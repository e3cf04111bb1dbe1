package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.time.Duration;
import java.util.Set;

/** A policy gives the shop's client of cluster1 a fixed address outside: that of the node which it does not run on. */
final class EgressChapter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTSIDE = "http://198.51.100.10:8080/";
    private static final String EGRESS_IP = "172.30.1.200";
    private static final String ADDRESS_OF_CLUSTER2 = "172.30.2.200";
    private static final int REQUESTS_A_SECOND = 50;

    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata:
              name: demo
            spec:
              ranges:
                - cidr: 172.30.1.200/32
            """;

    /** Annotations and the address are to be filled in. */
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata:
              name: shop
              annotations: {%s}
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
                egressIP: %s
            """;

    private final Story story;
    private final Programs programs;
    private final Shop shop;
    private final Gateways gateways;

    EgressChapter(Story story, Programs programs, Shop shop) {
        this.story = story;
        this.programs = programs;
        this.shop = shop;
        gateways = new Gateways(programs);
    }

    void play() {
        story.chapter("Known outside by one address");
        String own = shop.clientsNode(1);
        String other = own.equals("node1") ? "node2" : "node1";
        story.step("without a policy a pod leaves from its node's address", this::seenWithout);
        story.step("with a policy it reaches the outside from the fixed address", () -> {
            programs.apply(1, POOL);
            gateways.choose(1, other);
            programs.apply(1, POLICY.formatted("", EGRESS_IP));
            return seenFrom(EGRESS_IP) + " of " + other;
        });
        story.step("its gateway killed under load: the address moves to the other node", () -> {
            gateways.choose(1, own);
            return lossWhenKilled(other, own);
        });
        story.step("a pod of cluster1 leaves through cluster2's gateway", () -> {
            prepareCluster2();
            programs.apply(1, POLICY.formatted("egress.tombolo.dev/cluster: cluster2", ADDRESS_OF_CLUSTER2));
            return seenFrom(ADDRESS_OF_CLUSTER2);
        });
    }

    private String seenWithout() {
        var addresses = seen(5);
        if (addresses.size() != 1 || addresses.contains(EGRESS_IP)) {
            throw new CheckFailure("expected the address of the pod's node, read " + addresses);
        }
        return addresses.iterator().next();
    }

    /** Kills what carries packets on a node, and its agent; the answers go on from another node. */
    private String lossWhenKilled(String gateway, String successor) {
        var load = shop.startLoadUntilAsked(
                1, REQUESTS_A_SECOND, "--timeout-ms", "500", "--concurrency", "32", "--url", OUTSIDE);
        gateways.kill(gateway);
        Story.await("node " + successor + " to have " + EGRESS_IP, PATIENCE, () -> gateways.has(successor, EGRESS_IP));
        Story.await("answers from there", PATIENCE, () -> seen(20).equals(Set.of(EGRESS_IP)));
        Story.await("node " + gateway + " to give it up", PATIENCE, () -> !gateways.has(gateway, EGRESS_IP));
        var result = LoadResult.parse(load.endInput().join().output());
        if (!result.bySource().keySet().equals(Set.of(EGRESS_IP))) {
            throw new CheckFailure("expected only " + EGRESS_IP + ", read " + result.bySource());
        }
        return "%s has it; %d of %d requests had no answer within 0.5 s, at %d a second"
                .formatted(successor, result.sent() - result.ok(), result.sent(), REQUESTS_A_SECOND);
    }

    /** Cluster2 has an address on a node that may be used, and says that cluster1 may use it. */
    private void prepareCluster2() {
        programs.onNode(2, "node1", "ip", "addr", "replace", ADDRESS_OF_CLUSTER2 + "/24", "dev", "eth0");
        gateways.choose(2, "node1");
        programs.kubectl(
                2, "annotate", "--overwrite", "meshpeer", "cluster1", "egress.tombolo.dev/may-use-gateways=true");
    }

    private String seenFrom(String address) {
        Story.await("the outside to see " + address, PATIENCE, () -> seen(5).equals(Set.of(address)));
        var result = shop.ask(1, 100, OUTSIDE);
        result.mustHaveLostNothing();
        if (!result.bySource().keySet().equals(Set.of(address))) {
            throw new CheckFailure("expected only " + address + ", read " + result.bySource());
        }
        return result.ok() + " requests from " + address;
    }

    private Set<String> seen(int requests) {
        return shop.ask(1, requests, OUTSIDE).bySource().keySet();
    }
}
