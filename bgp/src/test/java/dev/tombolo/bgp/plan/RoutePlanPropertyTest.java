package dev.tombolo.bgp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Entry;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever there is, and in whatever order it was read. */
class RoutePlanPropertyTest {
    private static final List<String> FORBIDDEN =
            List.of("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/8", "fe80::/10", "ff00::/8");
    private static final List<String> ADDRESSES = List.of(
            "203.0.113.10",
            "203.0.113.11",
            "203.0.113.12",
            "192.0.2.1",
            "192.0.2.2",
            "192.0.2.11",
            "127.0.0.1",
            "169.254.1.1",
            "224.0.0.5",
            "255.255.255.255",
            "0.0.0.0",
            "2001:db8:9::1",
            "2001:db8:9::2",
            "2001:db8::11",
            "::1",
            "fe80::1",
            "ff02::1",
            "1.0.0.1");

    @Property(tries = 300)
    void theOrderInWhichThingsAreReadDecidesNothing(@ForAll long seed) {
        var street = street(new Random(seed));
        var plan = street.plan();
        Collections.shuffle(street.services, new Random(seed + 1));
        Collections.shuffle(street.advertisements, new Random(seed + 2));
        assertThat(street.plan()).isEqualTo(plan);
    }

    @Property(tries = 300)
    void thereIsNoRouteWithoutAReasonThatIsTrue(@ForAll long seed) {
        var street = street(new Random(seed));
        var subjects = street.services.stream()
                .flatMap(service -> service.addresses().entrySet().stream()
                        .flatMap(some -> some.getValue().stream()
                                .map(address -> "Service " + service.name() + " " + some.getKey() + " " + address)))
                .toList();
        street.plan()
                .byPeer()
                .values()
                .forEach(routes -> routes.values().forEach(route -> {
                    assertThat(route.reasons()).isNotEmpty().allSatisfy(reason -> {
                        assertThat(subjects).contains(reason.subject());
                        var address =
                                reason.subject().substring(reason.subject().lastIndexOf(' ') + 1);
                        assertThat(route.route().prefix().contains(IpAddress.parse(address)))
                                .isTrue();
                    });
                }));
    }

    /** What makes a router end the session, or everybody's packets come here. */
    @Property(tries = 300)
    void poisonIsNeverPlanned(@ForAll long seed) {
        var input = street(new Random(seed)).input();
        RoutePlan.plan(input).byPeer().forEach((id, routes) -> {
            BgpPeer session = input.peers().peers().get(id).session();
            routes.forEach((prefix, route) -> {
                assertThat(route.route().prefix()).isEqualTo(prefix);
                isNoPoison(session, route);
            });
        });
    }

    private static void isNoPoison(BgpPeer session, PlannedRoute planned) {
        var prefix = planned.route().prefix();
        var attributes = planned.route().attributes();
        assertThat(FORBIDDEN)
                .noneMatch(other -> Prefix.parse(other).isV4() == prefix.isV4()
                        && Prefix.parse(other).overlaps(prefix));
        assertThat(prefix.length()).isPositive();
        assertThat(prefix).isNotEqualTo(Prefix.host(attributes.nextHop()));
        assertThat(prefix).isNotEqualTo(Prefix.host(session.peerAddress()));
        assertThat(prefix.isV4() || !attributes.nextHop().isV4()).isTrue();
        assertThat(
                        session.isExternal()
                                ? attributes.localPreference().isEmpty()
                                : attributes.prepended().isEmpty())
                .isTrue();
        assertThat(attributes.prepended()).allMatch(session.localAsn()::equals);
    }

    /** Of a service that nobody can be served by there is nothing anywhere. */
    @Property(tries = 300)
    void withoutALiveBackendNobodyIsTold(@ForAll long seed) {
        var street = street(new Random(seed));
        street.services.replaceAll(service -> new BgpService(
                service.name(),
                service.labels(),
                service.loadBalancerClass(),
                service.addresses(),
                service.externalLocal(),
                service.internalLocal(),
                service.global(),
                service.proxied(),
                BgpService.Backends.NONE,
                Set.of()));
        assertThat(street.plan().routes().values()).allMatch(Map::isEmpty);
    }

    @Property(tries = 100)
    void whatIsDrainedIsGoneAtTheTimeThatThePlanSays(@ForAll long seed) {
        var street = street(new Random(seed)).draining(Street.NOW + "/PT20S");
        var again = street.plan().again().orElseThrow();
        assertThat(street.at(again.minus(Duration.ofNanos(1))).plan().routes())
                .isEqualTo(street.at(Street.NOW).plan().routes());
        assertThat(street.at(again).plan().routes().values()).allMatch(Map::isEmpty);
    }

    private static Street street(Random random) {
        var rack = random.nextInt(4) == 0
                ? new Rack().network("192.0.2.11").nodeAddresses("192.0.2.11").route("192.0.2.0/24", null, "eth0", 0)
                : new Rack();
        var street = Street.between(rack);
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            street.advertise("ad" + i, annotations(random), entry(random), entry(random));
        }
        for (int i = 0; i < random.nextInt(6); i++) {
            street.service(service(random, "s" + i));
        }
        return random.nextBoolean() ? street : street.unreachable("east");
    }

    private static Map<String, String> annotations(Random random) {
        return Map.of(
                "bgp.tombolo.dev/remote-backends", pick(random, List.of("withdraw", "advertise", "prepend")),
                "bgp.tombolo.dev/med", Integer.toString(random.nextInt(9)),
                "bgp.tombolo.dev/as-path-prepend", Integer.toString(random.nextInt(4)),
                "bgp.tombolo.dev/active-clusters", pick(random, List.of("west", "east", "west,east")));
    }

    private static Entry entry(Random random) {
        var addresses = List.of(ServiceAddress.values());
        String type = pick(random, List.of("Service", "MeshService"));
        String address = pick(random, addresses).name();
        var entry = random.nextBoolean()
                ? Street.services(
                        type, Street.all(), address, pick(random, addresses).name())
                : Street.aggregated(1 + random.nextInt(31), 1 + random.nextInt(127), address);
        return Street.marked(entry, (long) random.nextInt(300), "64500:" + random.nextInt(9));
    }

    private static Street.ServiceBuilder service(Random random, String name) {
        var service = Street.named(name)
                .loadBalancer(pick(random, ADDRESSES))
                .cluster(pick(random, ADDRESSES))
                .external(pick(random, ADDRESSES), pick(random, ADDRESSES))
                .backends(random.nextInt(2), random.nextInt(3))
                .remote("east", random.nextInt(2))
                .remote("north", random.nextInt(2));
        service = random.nextBoolean() ? service.global() : service;
        service = random.nextInt(3) == 0 ? service.externalLocal() : service;
        return random.nextInt(3) == 0 ? service.internalLocal() : service;
    }

    private static <T> T pick(Random random, List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
