package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.RouterScene.ALL_NODES;
import static dev.tombolo.scenarios.RouterScene.SERVICE;
import static dev.tombolo.scenarios.RouterScene.awaitNextHops;
import static dev.tombolo.scenarios.RouterScene.nextHops;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a router has, and what is said, where a service gets no address, or one that nobody outside can use; and where two peers are
 * one router, or a session would be of two families. Each service has a pool of its own, of the same name.
 */
@ExtendWith(InMeshLab.class)
class RouterAddressesTest {
    private static final Set<String> NODES = Set.of("172.30.1.11", "172.30.1.12");
    private static final String SATISFIED = "cilium.io/IPAMRequestSatisfied";
    private static final String PREVENTED = "tombolo.dev/PeersWithoutSession";
    private static final String ADVERTISEMENT = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata:
              name: quays
              labels: {tell: router}
              annotations: {bgp.tombolo.dev/remote-backends: advertise}
            spec:
              advertisements:
                - advertisementType: Service
                  service: {addresses: [LoadBalancerIP]}
                  selector: {matchLabels: {tell: quays}}
                - advertisementType: Service
                  service: {addresses: [ClusterIP]}
                  selector: {matchLabels: {tell: inside}}
            """;
    private static final String POOL = """
            apiVersion: cilium.io/v2
            kind: CiliumLoadBalancerIPPool
            metadata: {name: %1$s, labels: {berths: "yes"}}
            spec: {disabled: %2$s, blocks: [%3$s], serviceSelector: {matchLabels: {berth: %1$s}}}
            """;
    private static final String BERTH = """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: lighthouse, labels: {tell: quays, berth: %s}}
            spec: {type: LoadBalancer, selector: {app: lamp}, ports: [{port: 80, targetPort: 8080}]}
            """;
    private static final String INSIDE = """
            apiVersion: v1
            kind: Service
            metadata:
              name: %s
              namespace: lighthouse
              labels: {tell: inside}
              annotations: {service.cilium.io/global: "true"}
            spec: {internalTrafficPolicy: %s, selector: {app: lamp}, ports: [{name: http, port: 80, targetPort: 8080}]}
            """;
    private static final String TWICE = """
            {"spec": {"bgpInstances": [
              {"name": "main", "localASN": 64513, "peers": [
                {"name": "router", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}},
                {"name": "second", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}}]},
              {"name": "other", "localASN": 64599, "peers": [
                {"name": "router", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}}]}
            ]}}""";
    private static final String SECOND = """
            {"spec": {"bgpInstances": [{"name": "main", "localASN": 64513, "peers": [
              {"name": "second", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}}
            ]}]}}""";
    private static final String OVERRIDE = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPNodeConfigOverride
            metadata: {name: node1}
            spec: {bgpInstances: [{name: main, peers: [{name: router, localAddress: "2001:db8::11"}]}]}
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        RouterScene.apply(lab);
        new AppliedObjects(lab).apply(1, ADVERTISEMENT);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        lab.programs.kubectl(1, "delete", "ciliumbgpadvertisement", "quays");
        lab.programs.kubectl(1, "delete", "ciliumloadbalancerippools", "-l", "berths=yes");
        RouterScene.remove(lab);
    }

    @Test
    void whomAFullPoolHasNothingForHasNoRouteAndNobodyElseLosesOne(MeshLab lab) throws IOException {
        pool(lab, "east", false, block("192.0.2.160", "192.0.2.160"));
        service(lab, "east", "east");
        awaitNextHops(lab, "192.0.2.160", NODES);
        service(lab, "east2", "east");
        awaitAddress(
                lab,
                "east2",
                "False out_of_ips: Every enabled pool with IPv4 that selects this service is full; add a");
        assertThat(nextHops(lab, "192.0.2.160")).isEqualTo(NODES);
        assertThat(lab.problems(1)).contains("service lighthouse/east2 has no address that it asks for: out_of_ips");

        pool(lab, "east", false, block("192.0.2.160", "192.0.2.161"));
        awaitAddress(lab, "east2", "True satisfied: ");
        awaitNextHops(lab, "192.0.2.161", NODES);
    }

    @Test
    void aDisabledPoolTakesNoRouteAndGivesNone(MeshLab lab) throws IOException {
        pool(lab, "south", false, block("192.0.2.164", "192.0.2.165"));
        service(lab, "south", "south");
        awaitNextHops(lab, "192.0.2.164", NODES);
        pool(lab, "south", true, block("192.0.2.164", "192.0.2.165"));
        service(lab, "south2", "south");
        awaitAddress(
                lab,
                "south2",
                "False no_pool: No pool with IPv4 that selects this service gives addresses: south is disabled");
        assertThat(lab.programs.kubectl(1, "get", "ippools", "south")).matches("(?s).*south +true +False +1 .*");
        assertThat(nextHops(lab, "192.0.2.164")).isEqualTo(NODES);

        pool(lab, "south", false, block("192.0.2.164", "192.0.2.165"));
        awaitAddress(lab, "south2", "True satisfied: ");
        awaitNextHops(lab, "192.0.2.165", NODES);
        assertThat(nextHops(lab, "192.0.2.164")).isEqualTo(NODES);
    }

    @Test
    void ofTwoPoolsWithOneAddressTheOlderOnesRoutesStay(MeshLab lab) throws IOException {
        pool(lab, "old", false, block("192.0.2.168", "192.0.2.169"));
        service(lab, "old", "old");
        awaitNextHops(lab, "192.0.2.168", NODES);
        pool(lab, "young", false, block("192.0.2.169", "192.0.2.170"));
        service(lab, "young", "young");
        awaitAddress(
                lab,
                "young",
                "False no_pool: No pool with IPv4 that selects this service gives addresses: young is in conflict with "
                        + "the older pool old");
        awaitPool(
                lab,
                "young",
                "cilium.io/PoolConflict",
                "True cidr_overlap: range '192.0.2.169 - 192.0.2.170' overlaps range '192.0.2.168 - 192.0.2.169' of the "
                        + "older pool 'old': no address is given from this pool until one of the two is changed");
        assertThat(nextHops(lab, "192.0.2.168")).isEqualTo(NODES);

        pool(lab, "young", false, block("192.0.2.170", "192.0.2.170"));
        awaitNextHops(lab, "192.0.2.170", NODES);
        awaitPool(lab, "young", "cilium.io/PoolConflict", "False resolved: ");
        assertThat(nextHops(lab, "192.0.2.168")).isEqualTo(NODES);
    }

    @Test
    void aPoolOfTheOtherFamilySaysThatItHasNothingForTheService(MeshLab lab) throws IOException {
        pool(lab, "six", false, "{cidr: \"2001:db8:5::/64\"}", block("192.0.2.172", "2001:db8:5::1"));
        service(lab, "six", "six");
        awaitAddress(
                lab,
                "six",
                "False no_pool: No pool that selects this service has IPv4; these have the other family only: six");
        awaitPool(
                lab,
                "six",
                "tombolo.dev/Invalid",
                "True BlocksRefused: CiliumLoadBalancerIPPool six spec.blocks[1]: read 192.0.2.172-2001:db8:5::1, expected "
                        + "cidr, or start and stop of one family");

        pool(lab, "six", false, "{cidr: \"2001:db8:5::/64\"}", block("192.0.2.172", "192.0.2.172"));
        awaitNextHops(lab, "192.0.2.172", NODES);
        awaitPool(lab, "six", "tombolo.dev/Invalid", "");
    }

    /** A router takes one session from an address: the second would end the first again and again. */
    @Test
    void ofPeersThatAreOneRouterOneHasTheSessionAndKeepsIt(MeshLab lab) throws IOException {
        lab.patch(1, "ciliumbgpclusterconfig", "harbour", TWICE);
        String why = ": DuplicatePeer, peer main/router is 172.30.1.1 too; remove one of them";
        awaitConfig(
                lab,
                "True PeersPrevented: main/second on node1 and 1 more" + why + "; other/router on node1 and 1 more"
                        + why);
        var shown = lab.look("bgp", "peers", "--context", "cluster1");
        assertThat(shown.code()).isEqualTo(1);
        assertThat(shown.output())
                .contains("BGP sessions established: 2 of 6")
                .containsPattern("node1 +main +64513 +second .*idle.* DuplicatePeer")
                .contains("BGP peer other/router of node node1 and 1 more is idle" + why);
        assertThat(lab.programs.kubectl(1, "get", "cbgpnode", "node2"))
                .contains("main/second: DuplicatePeer, other/router: DuplicatePeer");
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);

        lab.patch(1, "ciliumbgpclusterconfig", "harbour", SECOND);
        awaitConfig(lab, "False NonePrevented: ");
        awaitPeers(lab, "node1 +64513 +second +64512 +172.30.1.1 +established");
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);

        RouterScene.declare(lab, 1);
        awaitPeers(lab, "node1 +64513 +router +64512 +172.30.1.1 +established");
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);
    }

    @Test
    void aSessionFromAnAddressOfTheOtherFamilyIsDownOnItsNodeAlone(MeshLab lab) throws IOException {
        new AppliedObjects(lab).apply(1, OVERRIDE);
        try {
            awaitConfig(
                    lab,
                    "True PeersPrevented: main/router on node1: FamilyMismatch, localAddress 2001:db8::11 cannot reach "
                            + "172.30.1.1, which is of the other family; mend it in CiliumBGPNodeConfigOverride node1");
            awaitNextHops(lab, Set.of("172.30.1.12", "172.30.2.11", "172.30.2.12"));
        } finally {
            lab.programs.kubectl(1, "delete", "ciliumbgpnodeconfigoverride", "node1");
        }
        awaitNextHops(lab, ALL_NODES);
        awaitConfig(lab, "False NonePrevented: ");
    }

    /** Where backends of other clusters serve pods, nobody serves clients outside at a cluster address. */
    @Test
    void aClusterAddressIsToldWhileItsOwnClusterServesIt(MeshLab lab) throws IOException {
        for (int cluster : MeshLab.CLUSTERS) {
            new AppliedObjects(lab).apply(cluster, INSIDE.formatted("inside", "Cluster"));
        }
        new AppliedObjects(lab).apply(1, INSIDE.formatted("inside-here", "Local"));
        String everywhere = clusterIp(lab, "inside");
        String here = clusterIp(lab, "inside-here");
        awaitNextHops(lab, everywhere, NODES);
        awaitNextHops(lab, here, Set.of("172.30.1.12"));
        var answers = MeshLab.await(
                "a client outside to be answered",
                () -> OutsideClient.load(lab, here, "--requests 20 --concurrency 2 --timeout-ms 1000"),
                answered -> answered.ok() == answered.sent());
        assertThat(answers.byCluster().keySet()).containsExactly("cluster1");

        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=0");
        try {
            awaitNextHops(lab, everywhere, Set.of());
            awaitNextHops(lab, here, Set.of());
            MeshLab.await(
                    "the reason",
                    () -> lab.look("bgp", "routes", "available", "--vip", everywhere, "--context", "cluster1")
                            .output(),
                    said -> said.contains(
                            "only backends of other clusters take connections, and from outside a cluster "
                                    + "address leads to those of its own cluster"));
        } finally {
            lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=1");
        }
        awaitNextHops(lab, everywhere, NODES);
        awaitNextHops(lab, here, Set.of("172.30.1.12"));
        awaitNextHops(lab, ALL_NODES);
    }

    private static void pool(MeshLab lab, String name, boolean disabled, String... blocks) throws IOException {
        new AppliedObjects(lab).apply(1, POOL.formatted(name, disabled, String.join(", ", blocks)));
    }

    private static String block(String first, String last) {
        return "{start: \"" + first + "\", stop: \"" + last + "\"}";
    }

    private static void service(MeshLab lab, String name, String pool) throws IOException {
        new AppliedObjects(lab).apply(1, BERTH.formatted(name, pool));
    }

    private static String clusterIp(MeshLab lab, String service) {
        return lab.get(1, "-n", "lighthouse", "service", service)
                .at("/spec/clusterIP")
                .asText();
    }

    private static void awaitAddress(MeshLab lab, String service, String beginning) {
        awaitCondition(lab, SATISFIED, beginning, "-n", "lighthouse", "service", service);
    }

    private static void awaitPool(MeshLab lab, String pool, String type, String beginning) {
        awaitCondition(lab, type, beginning, "ciliumloadbalancerippool", pool);
    }

    /** Two sessions, one of which is shown so. */
    private static void awaitPeers(MeshLab lab, String row) {
        var shown = Pattern.compile("established: 2 of 2.*" + row, Pattern.DOTALL);
        MeshLab.await(
                "sessions to be " + row,
                () -> lab.look("bgp", "peers", "--context", "cluster1").output(),
                said -> shown.matcher(said).find());
    }

    private static void awaitConfig(MeshLab lab, String beginning) {
        awaitCondition(lab, PREVENTED, beginning, "ciliumbgpclusterconfig", "harbour");
    }

    /** @param beginning empty: there is to be no such condition */
    private static void awaitCondition(MeshLab lab, String type, String beginning, String... object) {
        MeshLab.await(
                object[object.length - 1] + " to say of " + type + ": " + beginning,
                () -> condition(lab.get(1, object), type),
                said -> beginning.isEmpty() ? said.isEmpty() : said.startsWith(beginning));
    }

    private static String condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText() + " "
                        + condition.path("reason").asText() + ": "
                        + condition.path("message").asText())
                .findFirst()
                .orElse("");
    }
}
