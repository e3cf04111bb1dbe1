package dev.tombolo.bgp.plan;

import static dev.tombolo.bgp.plan.Street.all;
import static dev.tombolo.bgp.plan.Street.entry;
import static dev.tombolo.bgp.plan.Street.named;
import static dev.tombolo.bgp.plan.Street.services;
import static dev.tombolo.bgp.plan.Street.street;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only somebody who knows the mesh can tell. */
class MeshRoutesTest {
    private static final String VIP = "203.0.113.10";
    private static final String PLAIN = "203.0.113.10/32 via 192.0.2.11";
    private static final Entry SERVICE = services("Service", all(), "LoadBalancerIP");
    private static final Entry MESH_SERVICE = services("MeshService", all(), "LoadBalancerIP");

    @ParameterizedTest
    @CsvSource({
        "withdraw, 1, 1, PLAIN",
        "withdraw, 0, 1, NONE",
        "advertise, 1, 1, PLAIN",
        "advertise, 0, 1, PLAIN",
        "advertise, 0, 0, NONE",
        "prepend, 1, 1, PLAIN",
        "prepend, 0, 1, STANDBY",
        "prepend, 0, 0, NONE"
    })
    void backendsOfOtherClustersAreWhatTheAdvertisementSays(String choice, int local, int remote, String told) {
        var street = street().advertise("web", Map.of("bgp.tombolo.dev/remote-backends", choice), SERVICE)
                .service(named("web")
                        .loadBalancer(VIP)
                        .global()
                        .backends(0, local)
                        .remote("east", remote));
        assertThat(Told.to("tor", street.plan())).isEqualTo(expected(told));
    }

    private static List<String> expected(String told) {
        return switch (told) {
            case "PLAIN" -> List.of(PLAIN);
            case "STANDBY" -> List.of(PLAIN + ", path 64500 64500 64500");
            default -> List.of();
        };
    }

    @Test
    void whenTheLastBackendOfThisClusterDiesTheRouteStaysAsAStandby() {
        var annotations = Map.of(
                "bgp.tombolo.dev/remote-backends", "prepend",
                "bgp.tombolo.dev/standby-prepend", "1",
                "bgp.tombolo.dev/standby-med", "500",
                "bgp.tombolo.dev/as-path-prepend", "1",
                "bgp.tombolo.dev/med", "5");
        var street = street().advertise("web", annotations, SERVICE)
                .service(named("web").loadBalancer(VIP).global().backends(0, 0).remote("east", 1));
        assertThat(Told.to("tor", street.plan())).containsExactly(PLAIN + ", path 64500 64500, med 500");
        assertThat(Told.to("rr", street.plan())).containsExactly(PLAIN + ", med 500, preference 50");
    }

    @Test
    void aClusterThatNoPacketGetsToHasNoBackends() {
        var street = street().advertise("web", MESH_SERVICE)
                .service(named("web").loadBalancer(VIP).global().backends(0, 0).remote("east", 3));
        assertThat(Told.to("tor", street.plan())).containsExactly(PLAIN);
        street.unreachable("east");
        assertThat(Told.to("tor", street.plan())).isEmpty();
        assertThat(Told.withheld(street.plan()))
                .containsExactly("web: Service shop/web LoadBalancerIP 203.0.113.10: no backend of this cluster takes "
                        + "connections, and no packet gets to those of others");
    }

    @Test
    void oneOfSeveralClustersIsEnough() {
        var street = street().advertise("web", MESH_SERVICE)
                .service(named("web")
                        .loadBalancer(VIP)
                        .global()
                        .backends(0, 0)
                        .remote("east", 3)
                        .remote("north", 1))
                .unreachable("east");
        assertThat(Told.to("tor", street.plan())).containsExactly(PLAIN);
    }

    /** Agents serve it to pods only; whoever else is sent here would be refused. */
    @ParameterizedTest
    @CsvSource({"Service, advertise", "Service, prepend", "Service, withdraw", "MeshService, advertise"})
    void aClusterAddressIsToldForBackendsOfItsOwnClusterOnly(String type, String choice) {
        var entry = services(type, all(), "ClusterIP");
        var annotations = Map.of("bgp.tombolo.dev/remote-backends", choice);
        var here = named("web").cluster("10.96.0.1").global().backends(0, 1).remote("east", 1);
        assertThat(Told.to(
                        "tor",
                        street().advertise("web", annotations, entry)
                                .service(here)
                                .plan()))
                .containsExactly("10.96.0.1/32 via 192.0.2.11");
        var there = street().advertise("web", annotations, entry)
                .service(here.backends(0, 0))
                .plan();
        assertThat(Told.to("tor", there)).isEmpty();
        assertThat(Told.withheld(there))
                .containsExactly("web: Service shop/web ClusterIP 10.96.0.1: only backends of other clusters take "
                        + "connections, and from outside a cluster address leads to those of its own cluster; give the "
                        + "service one for clients outside: type LoadBalancer, or externalIPs");
    }

    @Test
    void aClusterAddressIsToldToNobodyWhereKubeProxyIsReplaced() {
        var plan = street().advertise("web", services("Service", all(), "ClusterIP", "LoadBalancerIP"))
                .service(named("web").cluster("10.96.0.1").loadBalancer(VIP).withoutKubeProxy())
                .plan();
        assertThat(Told.to("tor", plan)).containsExactly(PLAIN);
        assertThat(Told.withheld(plan))
                .containsExactly(
                        "web: Service shop/web ClusterIP 10.96.0.1: without kube-proxy a cluster address is for "
                                + "pods only; give the service one for clients outside: type LoadBalancer, or externalIPs");
    }

    @Test
    void aServiceThatIsNotSharedHasNoBackendsElsewhereAndIsNoMeshService() {
        var own = named("web").loadBalancer(VIP).backends(0, 0).remote("east", 3);
        assertThat(Told.to(
                        "tor",
                        street().advertise("web", MESH_SERVICE).service(own).plan()))
                .isEmpty();
        assertThat(Told.withheld(
                        street().advertise("web", MESH_SERVICE).service(own).plan()))
                .isEmpty();
        assertThat(Told.to(
                        "tor",
                        street().advertise("web", Map.of("bgp.tombolo.dev/remote-backends", "advertise"), SERVICE)
                                .service(own)
                                .plan()))
                .isEmpty();
    }

    @Test
    void oneClusterIsActiveAndTheOthersAreStandbysByTheSameManifest() {
        var service = named("web").loadBalancer(VIP).global();
        assertThat(Told.to(
                        "tor",
                        street().advertise("web", Map.of("bgp.tombolo.dev/active-clusters", "west"), SERVICE)
                                .service(service)
                                .plan()))
                .containsExactly(PLAIN);
        var second = street().advertise("web", Map.of("bgp.tombolo.dev/active-clusters", "east, north"), SERVICE)
                .service(service)
                .plan();
        assertThat(Told.to("tor", second)).containsExactly(PLAIN + ", path 64500 64500 64500");
        assertThat(Told.to("rr", second)).containsExactly(PLAIN + ", preference 50");
    }

    @Test
    void whoeverIsActiveByOneAdvertisementIsNoStandbyByAnother() {
        var plan = street().advertise("second", Map.of("bgp.tombolo.dev/active-clusters", "east"), SERVICE)
                .advertise("first", SERVICE)
                .service(named("web").loadBalancer(VIP))
                .plan();
        assertThat(Told.to("tor", plan)).containsExactly(PLAIN);
        assertThat(Told.to("rr", plan)).containsExactly(PLAIN);
    }

    @Test
    void aNodeThatIsDrainedAsksForAnotherWayFirstAndTakesItsRoutesBackThen() {
        var street = street().pods("10.1.0.0/24")
                .egress("203.0.113.30", "blue", Map.of())
                .advertise("all", SERVICE, entry("PodCIDR", null), entry("EgressIP", all()))
                .service(named("web").loadBalancer(VIP))
                .draining("2026-01-02T03:04:00Z/PT10S");
        assertThat(Told.to("tor", street.plan()))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith("via 192.0.2.11, 65535:0"));
        assertThat(Told.to("rr", street.plan()))
                .allSatisfy(line -> assertThat(line).endsWith("via 192.0.2.11, preference 0, 65535:0"));
        assertThat(street.plan().again()).contains(Instant.parse("2026-01-02T03:04:10Z"));
        var over = street.at(Instant.parse("2026-01-02T03:04:10Z")).plan();
        assertThat(over.routes().values()).hasSize(2).allMatch(Map::isEmpty);
        assertThat(over.again()).isEmpty();
        assertThat(Told.withheld(over)).hasSize(6).allMatch(line -> line.endsWith(": it is drained"));
    }

    @Test
    void aClusterIsDrainedByItsConfiguration() {
        var peers = new Rack()
                .config(
                        "rack0",
                        Map.of(),
                        Rack.CREATED,
                        Map.of("bgp.tombolo.dev/drain", "2026-01-02T03:04:00Z/PT10S"),
                        Rack.instance("a", 64500L, Rack.at("tor", "192.0.2.1", 64501, "p")))
                .advertising("p")
                .plan();
        var street =
                new Street(peers).advertise("web", SERVICE).service(named("web").loadBalancer(VIP));
        assertThat(Told.to("tor", street.plan())).containsExactly(PLAIN + ", 65535:0");
        assertThat(street.plan().again()).contains(Instant.parse("2026-01-02T03:04:10Z"));
        street.draining("2026-01-02T03:04:00Z/PT0S");
        assertThat(Told.to("tor", street.plan())).isEmpty();
    }

    @Test
    void aDrainWithoutATimeAsksForAnotherWayAndNothingMore() {
        var street = street().advertise("web", SERVICE)
                .service(named("web").loadBalancer(VIP))
                .draining("true")
                .at(Instant.parse("2036-01-02T03:04:05Z"));
        assertThat(Told.to("tor", street.plan())).containsExactly(PLAIN + ", 65535:0");
        assertThat(street.plan().again()).isEmpty();
    }
}
