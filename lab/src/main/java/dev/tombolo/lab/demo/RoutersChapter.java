package dev.tombolo.lab.demo;

import dev.tombolo.lab.programs.CheckFailure;
import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The lab's router, which nobody has told any route, learns by BGP where pods, a service and an egress address are. */
final class RoutersChapter {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<Integer> CLUSTERS = List.of(1, 2);
    private static final List<String> POD_RANGES = List.of("10.1.1.0/24", "10.1.2.0/24", "10.2.1.0/24", "10.2.2.0/24");
    private static final String SERVICE = "192.0.2.80";
    private static final String EGRESS_IP = "203.0.113.7";
    private static final String OUTSIDE = "http://198.51.100.10:8080/";
    private static final int REQUESTS_A_SECOND = 50;
    private static final Pattern WAY = Pattern.compile("via (172\\.30\\.\\d+\\.\\d+)");

    private final Story story;
    private final Programs programs;
    private final Shop shop;
    private final Gateways gateways;

    RoutersChapter(Story story, Programs programs, Shop shop) {
        this.story = story;
        this.programs = programs;
        this.shop = shop;
        gateways = new Gateways(programs);
    }

    void play() {
        story.chapter("Known to routers");
        story.step("both clusters peer with the router, which learns where pods are", () -> {
            CLUSTERS.forEach(cluster -> programs.apply(cluster, RoutersManifests.sessions(cluster)));
            POD_RANGES.forEach(range -> awaitWays(range, ways -> ways.size() == 1));
            return POD_RANGES.size() + " ranges";
        });
        story.step("a service's address is at all nodes of both clusters", () -> {
            CLUSTERS.forEach(cluster -> programs.apply(cluster, RoutersManifests.service(SERVICE)));
            return awaitWays(SERVICE, ways -> ways.size() == POD_RANGES.size()).toString();
        });
        story.step("a client outside reaches it through the router", () -> reached(Set.of("cluster1", "cluster2")));
        story.step("cluster1's backends end under load: its nodes take the address back", this::lossWithoutBackends);
        egress();
    }

    private String reached(Set<String> clusters) {
        var result = LoadResult.parse(programs.startLoadOutside(
                        "http://" + SERVICE + "/", "--requests", "400", "--concurrency", "4", "--timeout-ms", "2000")
                .join()
                .output());
        result.mustHaveLostNothing();
        if (!result.byCluster().keySet().equals(clusters)) {
            throw new CheckFailure("expected answers of " + clusters + ", read " + result.byCluster());
        }
        return result.byCluster().toString();
    }

    /** Lost is at most what the backends had and what was on its way to them. */
    private String lossWithoutBackends() {
        var load = programs.startLoadOutside(
                "http://" + SERVICE + "/",
                "--duration",
                "600",
                "--until-eof",
                "--rate",
                "" + REQUESTS_A_SECOND,
                "--concurrency",
                "32",
                "--timeout-ms",
                "1000");
        shop.scale(1, 0);
        awaitWays(SERVICE, ways -> clusters(ways).equals(Set.of(2)));
        reached(Set.of("cluster2"));
        var result = LoadResult.parse(load.endInput().join().output());
        long lost = result.sent() - result.ok();
        if (lost > REQUESTS_A_SECOND / 2) {
            throw new CheckFailure("%d of %d requests were lost; expected those of half a second at the most"
                    .formatted(lost, result.sent()));
        }
        shop.scale(1, 2);
        awaitWays(SERVICE, ways -> ways.size() == POD_RANGES.size());
        return lost + " of " + result.sent() + " requests lost";
    }

    private void egress() {
        String own = shop.clientsNode(1);
        String other = own.equals("node1") ? "node2" : "node1";
        story.step("an egress address that no network has: only its gateway tells it", () -> {
            gateways.dismiss(1, own);
            programs.apply(1, RoutersManifests.pool(EGRESS_IP));
            programs.apply(1, RoutersManifests.policy(EGRESS_IP));
            var ways = awaitWays(EGRESS_IP, Set.of(address(other))::equals);
            Story.await("the outside to see " + EGRESS_IP, PATIENCE, () -> seen().equals(Set.of(EGRESS_IP)));
            return EGRESS_IP + " at " + ways;
        });
        story.step("its gateway killed under load: the route follows the address", () -> {
            return lossOfGateway(other, own);
        });
    }

    private String lossOfGateway(String gateway, String successor) {
        gateways.choose(1, successor);
        var load = shop.startLoadUntilAsked(
                1, REQUESTS_A_SECOND, "--timeout-ms", "500", "--concurrency", "32", "--url", OUTSIDE);
        gateways.kill(gateway);
        awaitWays(EGRESS_IP, ways -> ways.equals(Set.of(address(successor))));
        Story.await("answers from there", PATIENCE, () -> seen().equals(Set.of(EGRESS_IP)));
        var result = LoadResult.parse(load.endInput().join().output());
        return "%s has it; %d of %d requests had no answer within 0.5 s, at %d a second"
                .formatted(successor, result.sent() - result.ok(), result.sent(), REQUESTS_A_SECOND);
    }

    private Set<String> seen() {
        return shop.ask(1, 10, OUTSIDE).bySource().keySet();
    }

    private static String address(String node) {
        return "172.30.1.1" + node.substring("node".length());
    }

    private Set<String> awaitWays(String destination, Predicate<Set<String>> expected) {
        Story.await("the router's ways to " + destination, PATIENCE, () -> expected.test(ways(destination)));
        return ways(destination);
    }

    /** By the addresses of nodes, as the router's kernel has them. */
    private Set<String> ways(String destination) {
        String routes = programs.startIn("internet", "ip", "route", "show", destination)
                .join()
                .expectSuccess();
        return WAY.matcher(routes)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> clusters(Set<String> ways) {
        return ways.stream().map(way -> Integer.valueOf(way.split("\\.")[2])).collect(Collectors.toSet());
    }
}
