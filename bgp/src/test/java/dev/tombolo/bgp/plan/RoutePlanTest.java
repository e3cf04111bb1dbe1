package dev.tombolo.bgp.plan;

import static dev.tombolo.bgp.plan.Street.aggregated;
import static dev.tombolo.bgp.plan.Street.all;
import static dev.tombolo.bgp.plan.Street.device;
import static dev.tombolo.bgp.plan.Street.entry;
import static dev.tombolo.bgp.plan.Street.labelled;
import static dev.tombolo.bgp.plan.Street.marked;
import static dev.tombolo.bgp.plan.Street.named;
import static dev.tombolo.bgp.plan.Street.services;
import static dev.tombolo.bgp.plan.Street.street;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PlannedRoute.Reason;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutePlanTest {
    private static final String VIP = "203.0.113.10";

    @Test
    void anAddressOfASelectedServiceIsToldWithItsReason() {
        var plan = street().advertise("web", services("Service", all(), "LoadBalancerIP"))
                .service(named("web").loadBalancer(VIP, "2001:db8:9::1"))
                .plan();
        assertThat(Told.to("tor", plan))
                .containsExactly("203.0.113.10/32 via 192.0.2.11", "2001:db8:9::1/128 via 2001:db8::11");
        assertThat(plan.byPeer()
                        .get(new PeerId("a", "tor"))
                        .get(Prefix.parse(VIP))
                        .reasons())
                .containsExactly(new Reason("web", "Service shop/web LoadBalancerIP 203.0.113.10"));
        assertThat(plan.withheld()).isEmpty();
    }

    /** Its pool was taken away, or gives it to nobody any more; one that is kept by a pool that is disabled is told. */
    @Test
    void anAddressThatAServiceHasLostIsNotTold() {
        var advertisement = services("Service", all(), "LoadBalancerIP");
        assertThat(toTor(advertisement, named("web").loadBalancer(VIP))).containsExactly(VIP + "/32 via 192.0.2.11");
        assertThat(toTor(advertisement, named("web"))).isEmpty();
    }

    @Test
    void onlyTheAddressesThatWereAskedForAreTold() {
        var service = named("web").loadBalancer(VIP).cluster("10.96.0.1").external("203.0.113.20");
        assertThat(toTor(services("Service", all(), "ClusterIP"), service))
                .containsExactly("10.96.0.1/32 via 192.0.2.11");
        assertThat(toTor(services("Service", all(), "ExternalIP"), service))
                .containsExactly("203.0.113.20/32 via 192.0.2.11");
        assertThat(toTor(services("Service", all(), "LoadBalancerIP", "ClusterIP", "ExternalIP"), service))
                .hasSize(3);
    }

    @Test
    void withoutASelectorNothingIsTold() {
        assertThat(toTor(
                        services("Service", null, "LoadBalancerIP"),
                        named("web").loadBalancer(VIP)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "color, blue, true",
        "color, red, false",
        "io.kubernetes.service.name, web, true",
        "io.kubernetes.service.name, other, false",
        "io.kubernetes.service.namespace, shop, true",
        "io.kubernetes.service.namespace, other, false"
    })
    void aServiceIsSelectedByItsLabelsAndByItsName(String key, String value, boolean selected) {
        var service =
                named("web").loadBalancer(VIP).labelled(Map.of("color", "blue", "io.kubernetes.service.name", "other"));
        assertThat(toTor(services("Service", labelled(key, value), "LoadBalancerIP"), service))
                .hasSize(selected ? 1 : 0);
    }

    /** As Cilium's documentation selects everything. */
    @Test
    void aSelectorOfWhatNobodyHasSelectsAll() {
        var never = new SelectorSpec(
                Map.of(), List.of(new SelectorSpec.Expression("somekey", "NotIn", List.of("never-used-value"))));
        assertThat(toTor(
                        services("Service", never, "LoadBalancerIP"),
                        named("web").loadBalancer(VIP)))
                .hasSize(1);
    }

    @Test
    void anAdvertisementThatAPeersFamiliesDoNotChooseIsNotToldToIt() {
        var peers = new Rack()
                .config(
                        "rack0",
                        Rack.at("four", "192.0.2.1", 64501, "four"),
                        Rack.at("six", "192.0.2.2", 64501, "six"),
                        Rack.at("none", "192.0.2.3", 64501, null))
                .peerConfig("four", Rack.families("ipv4"))
                .peerConfig("six", Rack.families("ipv6"))
                .plan();
        var plan = new Street(peers)
                .advertise("web", services("Service", all(), "LoadBalancerIP"))
                .service(named("web").loadBalancer(VIP, "2001:db8:9::1"))
                .plan();
        assertThat(Told.to("four", plan)).containsExactly("203.0.113.10/32 via 192.0.2.11");
        assertThat(Told.to("six", plan)).containsExactly("2001:db8:9::1/128 via 2001:db8::11");
        assertThat(Told.to("none", plan)).isEmpty();
        assertThat(plan.routes()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"io.cilium/bgp-control-plane, true", "io.cilium/l2-announcer, false", "metallb, false"})
    void anAddressOfSomebodyElsesClassIsNotTold(String name, boolean told) {
        var service = named("web").loadBalancer(VIP).external("203.0.113.20").ofClass(name);
        assertThat(toTor(services("Service", all(), "LoadBalancerIP"), service)).hasSize(told ? 1 : 0);
        assertThat(toTor(services("Service", all(), "ExternalIP"), service)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, false, ''", "0, 3, true, 203.0.113.0/24", "2, 3, true, 203.0.113.0/24"})
    void withATrafficPolicyOfClusterEveryNodeTellsWhileTheClusterHasBackends(
            int onNode, int inCluster, boolean told, String prefix) {
        var service = named("web").loadBalancer(VIP).backends(onNode, inCluster);
        assertThat(toTor(aggregated(24, 64, "LoadBalancerIP"), service))
                .isEqualTo(told ? List.of(prefix + " via 192.0.2.11") : List.of());
    }

    /** A wider prefix would draw packets for services that this node has no backend of. */
    @ParameterizedTest
    @CsvSource({"0, 3, false", "1, 3, true"})
    void withATrafficPolicyOfLocalOnlyNodesWithBackendsTellAndOnlySingleAddresses(
            int onNode, int inCluster, boolean told) {
        var service = named("web")
                .loadBalancer(VIP)
                .external("203.0.113.20")
                .externalLocal()
                .global()
                .backends(onNode, inCluster)
                .remote("east", 5);
        assertThat(toTor(aggregated(24, 64, "LoadBalancerIP", "ExternalIP"), service))
                .isEqualTo(
                        told ? List.of("203.0.113.10/32 via 192.0.2.11", "203.0.113.20/32 via 192.0.2.11") : List.of());
    }

    @Test
    void eachTrafficPolicyIsForItsOwnAddresses() {
        var inside = named("web")
                .loadBalancer(VIP)
                .cluster("10.96.0.1")
                .internalLocal()
                .backends(0, 3);
        assertThat(toTor(aggregated(24, 64, "LoadBalancerIP", "ClusterIP"), inside))
                .containsExactly("203.0.113.0/24 via 192.0.2.11");
        var outside = named("web")
                .loadBalancer(VIP)
                .cluster("10.96.0.1")
                .externalLocal()
                .backends(0, 3);
        assertThat(toTor(aggregated(24, 64, "LoadBalancerIP", "ClusterIP"), outside))
                .containsExactly("10.96.0.0/24 via 192.0.2.11");
    }

    @Test
    void manyAddressesOfAnAggregateAreOneRouteWithAllReasons() {
        var plan = street().advertise("web", aggregated(24, 64, "LoadBalancerIP"))
                .service(named("web").loadBalancer(VIP))
                .service(named("api").loadBalancer("203.0.113.11", "2001:db8:9::1"))
                .plan();
        assertThat(Told.to("tor", plan))
                .containsExactly("203.0.113.0/24 via 192.0.2.11", "2001:db8:9::/64 via 2001:db8::11");
        assertThat(plan.byPeer()
                        .get(new PeerId("a", "tor"))
                        .get(Prefix.parse("203.0.113.0/24"))
                        .reasons())
                .extracting(Reason::subject)
                .containsExactly(
                        "Service shop/api LoadBalancerIP 203.0.113.11", "Service shop/web LoadBalancerIP 203.0.113.10");
    }

    @Test
    void podsAndDevicesAndEgressAddressesAreTold() {
        var plan = street().pods("10.1.0.0/24", "2001:db8:1::/64")
                .device("lo", "127.0.0.1", "::1", "198.51.100.1")
                .egress("203.0.113.30", "blue", Map.of("team", "red"))
                .egress("203.0.113.31", null, Map.of())
                .advertise(
                        "all",
                        entry("PodCIDR", null),
                        device("lo"),
                        entry("EgressIP", labelled("egress.tombolo.dev/pool", "blue")))
                .plan();
        assertThat(Told.to("tor", plan))
                .containsExactly(
                        "10.1.0.0/24 via 192.0.2.11",
                        "198.51.100.1/32 via 192.0.2.11",
                        "203.0.113.30/32 via 192.0.2.11",
                        "2001:db8:1::/64 via 2001:db8::11");
    }

    @Test
    void egressAddressesAreSelectedByLabels() {
        var street =
                street().egress("203.0.113.30", "blue", Map.of("team", "red")).egress("203.0.113.31", null, Map.of());
        assertThat(Told.to(
                        "tor",
                        street.advertise("red", entry("EgressIP", labelled("team", "red")))
                                .plan()))
                .containsExactly("203.0.113.30/32 via 192.0.2.11");
        assertThat(Told.to(
                        "tor", street.advertise("all", entry("EgressIP", all())).plan()))
                .hasSize(2);
    }

    /** Two nodes may tell it for a moment. */
    @Test
    void routersFollowWhoTookAnEgressAddressLast() {
        assertThat(Told.to(
                        "tor",
                        street().egress("203.0.113.30", 1)
                                .advertise("all", entry("EgressIP", all()))
                                .plan()))
                .containsExactly("203.0.113.30/32 via 192.0.2.11, med 2147483646");
        assertThat(Told.to(
                        "tor",
                        street().egress("203.0.113.30", 2)
                                .advertise("all", entry("EgressIP", all()))
                                .plan()))
                .containsExactly("203.0.113.30/32 via 192.0.2.11, med 2147483645");
        assertThat(Told.to(
                        "tor",
                        street().egress("203.0.113.30", 2)
                                .advertise("all", Map.of("bgp.tombolo.dev/med", "7"), entry("EgressIP", all()))
                                .plan()))
                .as("what is asked for goes first")
                .containsExactly("203.0.113.30/32 via 192.0.2.11, med 7");
    }

    @Test
    void anAddressThatIsNotServedYetIsNotTold() {
        var plan = street().service(named("web").loadBalancer(VIP).pending(VIP))
                .advertise("all", services("Service", all(), "LoadBalancerIP"))
                .plan();
        assertThat(Told.to("tor", plan)).isEmpty();
        assertThat(Told.withheld(plan))
                .containsExactly("all: Service shop/web LoadBalancerIP " + VIP + ": this node does not serve it yet");
    }

    @Test
    void aDeviceThatIsNotThereIsSaid() {
        assertThat(Told.withheld(street().advertise("lo", device("dummy0")).plan()))
                .containsExactly("lo: interface dummy0: there is no such device on this node, or it is down");
    }

    @Test
    void eachSideOfTheSystemHearsWhatIsForIt() {
        var street = street().advertise(
                        "web",
                        Map.of("bgp.tombolo.dev/med", "7", "bgp.tombolo.dev/as-path-prepend", "2"),
                        marked(services("Service", all(), "LoadBalancerIP"), 150L, "64500:1"))
                .service(named("web").loadBalancer(VIP));
        assertThat(Told.to("tor", street.plan()))
                .containsExactly("203.0.113.10/32 via 192.0.2.11, path 64500 64500, med 7, 64500:1");
        assertThat(Told.to("rr", street.plan()))
                .containsExactly("203.0.113.10/32 via 192.0.2.11, med 7, preference 150, 64500:1");
    }

    @Test
    void whereTwoAskForTheSameTheRouteHasTheCommunitiesOfBothAndTheBestOfEverythingElse() {
        var street = street().advertise(
                        "one",
                        Map.of("bgp.tombolo.dev/med", "7", "bgp.tombolo.dev/as-path-prepend", "2"),
                        marked(services("Service", all(), "LoadBalancerIP"), 150L, "64500:1"))
                .advertise(
                        "two",
                        Map.of("bgp.tombolo.dev/med", "9", "bgp.tombolo.dev/as-path-prepend", "1"),
                        marked(services("Service", all(), "LoadBalancerIP"), 200L, "64500:2"))
                .service(named("web").loadBalancer(VIP));
        assertThat(Told.to("tor", street.plan()))
                .containsExactly("203.0.113.10/32 via 192.0.2.11, path 64500, med 7, 64500:1, 64500:2");
        assertThat(Told.to("rr", street.plan()))
                .containsExactly("203.0.113.10/32 via 192.0.2.11, med 7, preference 200, 64500:1, 64500:2");
        var plain = street.advertise("three", services("Service", all(), "LoadBalancerIP"))
                .plan();
        assertThat(Told.to("tor", plain)).containsExactly("203.0.113.10/32 via 192.0.2.11, 64500:1, 64500:2");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.2", "169.254.169.254", "224.0.0.9", "0.1.2.3", "255.255.255.255", "fe80::9", "ff02::5", "::2"})
    void nobodysAddressesAreNeverTold(String address) {
        var plan = street().advertise("web", services("Service", all(), "ExternalIP"))
                .service(named("web").external(address))
                .plan();
        assertThat(plan.routes().values()).allMatch(Map::isEmpty);
        assertThat(Told.withheld(plan))
                .hasSize(2)
                .allMatch(line -> line.contains("it would be a route to addresses of"));
    }

    @Test
    void anAggregateThatReachesNobodysAddressesIsNotTold() {
        assertThat(toTor(aggregated(2, 8, "LoadBalancerIP"), named("web").loadBalancer("126.0.0.1")))
                .isEmpty();
    }

    @Test
    void aRouterIsNotToldItsOwnAddressNorTheOneThatRoutesLeadTo() {
        var plan = street().advertise("web", services("Service", all(), "ExternalIP"))
                .service(named("web").external("192.0.2.1", "192.0.2.11"))
                .plan();
        assertThat(Told.to("tor", plan)).isEmpty();
        assertThat(Told.to("rr", plan)).containsExactly("192.0.2.1/32 via 192.0.2.11");
        assertThat(Told.withheld(plan))
                .containsExactly(
                        "web to a/rr: Service shop/web ExternalIP 192.0.2.11: packets for it would be sent to itself:"
                                + " it is the address that routes lead to",
                        "web to a/tor: Service shop/web ExternalIP 192.0.2.1: it is the router's own address",
                        "web to a/tor: Service shop/web ExternalIP 192.0.2.11: packets for it would be sent to itself:"
                                + " it is the address that routes lead to");
    }

    /** ExaBGP would send a next hop that makes routers end the session. */
    @Test
    void withoutAnIpv6AddressNoIpv6RouteIsTold() {
        var rack = new Rack().network("192.0.2.11").nodeAddresses("192.0.2.11").route("192.0.2.0/24", null, "eth0", 0);
        var plan = Street.between(rack)
                .advertise("web", services("Service", all(), "LoadBalancerIP"))
                .service(named("web").loadBalancer(VIP, "2001:db8:9::1"))
                .plan();
        assertThat(Told.to("tor", plan)).containsExactly("203.0.113.10/32 via 192.0.2.11");
        assertThat(Told.withheld(plan))
                .contains(
                        "web to a/tor: Service shop/web LoadBalancerIP 2001:db8:9::1: this node has no ipv6 address to"
                                + " send packets to");
    }

    private static List<String> toTor(
            dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry entry, Street.ServiceBuilder service) {
        return Told.to("tor", street().advertise("x", entry).service(service).plan());
    }
}
