package dev.tombolo.apiserver.loadbalancer;

import static dev.tombolo.apiserver.loadbalancer.Balancing.pool;
import static dev.tombolo.apiserver.loadbalancer.Balancing.port;
import static dev.tombolo.apiserver.loadbalancer.Balancing.service;
import static dev.tombolo.apiserver.loadbalancer.Balancing.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.loadbalancer.Balancing.ServiceBuilder;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which service gets which address; after {@code =} what was given, or the reason why nothing was. */
class AllocationPlanTest {
    private static final String BLUE = "192.0.2.0/30";

    @Test
    void theOldestServiceGetsTheLowestAddress() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("b").created(5),
                        service("a").created(5),
                        service("c").created(4)))
                .isEqualTo("a=192.0.2.1 b=192.0.2.2 c=192.0.2.0");
    }

    @Test
    void whoHasAnAddressKeepsItWhoeverIsOlder() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("old").created(1),
                        service("young").created(9).holds("192.0.2.0")))
                .isEqualTo("old=192.0.2.1 young=192.0.2.0");
    }

    @Test
    void whoAsksForAnAddressComesBeforeThoseWhoTakeAny() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("any").created(1),
                        service("asks").created(2).asks("192.0.2.0"),
                        service("spec").created(3).asksInSpec("192.0.2.1")))
                .isEqualTo("any=192.0.2.2 asks=192.0.2.0 spec=192.0.2.1");
    }

    @Test
    void severalAddressesCanBeAskedForAndTheOldAnnotationIsRead() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("two").asks("192.0.2.3, 192.0.2.1"),
                        service("old").annotated("io.cilium/lb-ipam-ips", "192.0.2.2")))
                .isEqualTo("old=192.0.2.2 two=192.0.2.3,192.0.2.1");
    }

    @Test
    void anAddressThatIsNotAskedForGoesBackOnceAnotherIs() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").holds("192.0.2.0").asks("192.0.2.3"),
                        service("b").created(1)))
                .isEqualTo("a=192.0.2.3 b=192.0.2.0");
    }

    @Test
    void aRequestThatCannotBeMetSaysWhy() {
        var pools = List.of(
                pool("blue", 1, "192.0.2.0/29"),
                pool("red", 2, Map.of("team", "red"), false, "Yes", "198.51.100.0/29"),
                pool("off", 3, Map.of(), true, "Yes", "203.0.113.0/29"),
                pool("ends", 4, Map.of(), false, "No", "192.0.2.64/29"));
        assertThat(given(
                        pools,
                        service("a").holds("192.0.2.1"),
                        service("disabled").asks("203.0.113.1"),
                        service("elsewhere").asks("192.0.2.99"),
                        service("end").asks("192.0.2.64"),
                        service("others").asks("198.51.100.1"),
                        service("taken").asks("192.0.2.1"),
                        service("unread").asks("everything")))
                .isEqualTo("a=192.0.2.1 disabled=no_pool elsewhere=no_pool end=already_allocated"
                        + " others=pool_selector_mismatch taken=already_allocated unread=invalid_request");
    }

    @Test
    void aRequestThatCannotBeReadTakesNothingAway() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").holds("192.0.2.2").asks("192.0.2.300")))
                .isEqualTo("a=192.0.2.2/invalid_request");
    }

    @Test
    void servicesOfOneKeyShareAnAddressUnlessTheirPortsCollide() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").shares("k", tcp(80)),
                        service("b").shares("k", tcp(443)),
                        service("c").shares("k", tcp(443), tcp(8080)),
                        service("d").shares("other", tcp(1)),
                        service("e").shares("k", port(Protocol.UDP, 80))))
                .isEqualTo("a=192.0.2.0 b=192.0.2.0 c=192.0.2.1 d=192.0.2.2 e=192.0.2.0");
    }

    @Test
    void namespacesShareOnlyWhereBothAllowIt() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").shares("k", tcp(1)).annotated(Balancing.SHARING_NAMESPACES, "red, green"),
                        service("b")
                                .in("red")
                                .created(2)
                                .shares("k", tcp(2))
                                .annotated(Balancing.SHARING_NAMESPACES, "*"),
                        service("c").in("red").created(3).shares("k", tcp(3)),
                        service("d")
                                .in("grey")
                                .created(4)
                                .shares("k", tcp(4))
                                .annotated(Balancing.SHARING_NAMESPACES, "*")))
                .isEqualTo("d=192.0.2.2 b=192.0.2.0 c=192.0.2.1 a=192.0.2.0");
    }

    @Test
    void whereOnlyNodesWithBackendsAnswerThoseWhoShareHaveTheSamePods() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").shares("k", tcp(1)).localOnly("web"),
                        service("b").shares("k", tcp(2)).localOnly("web"),
                        service("c").shares("k", tcp(3)).localOnly("api"),
                        service("d").shares("k", tcp(4))))
                .isEqualTo("a=192.0.2.0 b=192.0.2.0 c=192.0.2.1 d=192.0.2.2");
    }

    @Test
    void whoCannotShareAnyLongerGetsAnotherAddressAndTheOlderOneKeepsIt() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").created(1).holds("192.0.2.1").shares("k", tcp(80)),
                        service("b").created(2).holds("192.0.2.1").shares("k", tcp(80))))
                .isEqualTo("a=192.0.2.1 b=192.0.2.0");
    }

    @Test
    void aRequestForASharedAddressIsRefusedToStrangers() {
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("a").holds("192.0.2.1").shares("k", tcp(80)),
                        service("b").shares("k", tcp(443)).asks("192.0.2.1"),
                        service("c").shares("other", tcp(25)).asks("192.0.2.1")))
                .isEqualTo("a=192.0.2.1 b=192.0.2.1 c=already_allocated_incompatible_service");
    }

    @Test
    void eachFamilyThatIsWantedIsGiven() {
        assertThat(given(
                        List.of(pool("blue", 1, "2001:db8::/64", BLUE)),
                        service("both").families(true, true),
                        service("six").families(false, true)))
                .isEqualTo("both=192.0.2.0,2001:db8:: six=2001:db8::1");
        assertThat(given(List.of(pool("blue", 1, BLUE)), service("both").families(true, true)))
                .isEqualTo("both=192.0.2.0/no_pool");
        assertThat(given(
                        List.of(pool("blue", 1, BLUE)),
                        service("gone").families(false, true).holds("192.0.2.0")))
                .isEqualTo("gone=no_pool");
    }

    @Test
    void poolsSelectByLabelsAndByNameAndNamespace() {
        var pools = List.of(
                pool("named", 1, Map.of("io.kubernetes.service.name", "web"), false, "Yes", "192.0.2.1"),
                pool("tenant", 2, Map.of("io.kubernetes.service.namespace", "tenant-a"), false, "Yes", "192.0.2.2"),
                pool("red", 3, Map.of("team", "red"), false, "Yes", "192.0.2.3"));
        assertThat(given(
                        pools,
                        service("web"),
                        service("a").in("tenant-a"),
                        service("red").labels("team", "red"),
                        service("none")))
                .isEqualTo("none=no_pool red=192.0.2.3 web=192.0.2.1 a=192.0.2.2");
    }

    @Test
    void aFullPoolSaysSoAndTheNextOneGives() {
        assertThat(given(List.of(pool("blue", 1, "192.0.2.1")), service("a"), service("b")))
                .isEqualTo("a=192.0.2.1 b=out_of_ips");
        assertThat(given(
                        List.of(pool("blue", 1, "192.0.2.1"), pool("red", 2, "192.0.2.9")), service("a"), service("b")))
                .isEqualTo("a=192.0.2.1 b=192.0.2.9");
    }

    @Test
    void aDisabledPoolTakesNothingAwayAndGivesNothing() {
        assertThat(given(
                        List.of(pool("blue", 1, Map.of(), true, "Yes", BLUE)),
                        service("has").holds("192.0.2.1"),
                        service("new"),
                        service("key").shares("k", tcp(1)).holds("192.0.2.2"),
                        service("too").shares("k", tcp(2))))
                .isEqualTo("has=192.0.2.1 key=192.0.2.2 new=no_pool too=no_pool");
    }

    @Test
    void theYoungerOfTwoPoolsWithOneAddressGivesNoneAndTakesNone() {
        assertThat(given(
                        List.of(
                                pool("young", 2, Map.of("team", "red"), false, "Yes", "192.0.2.4/30", "192.0.2.2"),
                                pool("old", 1, Map.of("team", "blue"), false, "Yes", BLUE)),
                        service("has").labels("team", "red").holds("192.0.2.5"),
                        service("new").labels("team", "red"),
                        service("blue").labels("team", "blue")))
                .isEqualTo("blue=192.0.2.0 has=192.0.2.5 new=no_pool");
    }

    @Test
    void aPoolThatNoLongerSelectsAServiceTakesItsAddressBack() {
        assertThat(given(
                        List.of(
                                pool("blue", 1, Map.of("team", "blue"), false, "Yes", BLUE),
                                pool("red", 2, "198.51.100.1")),
                        service("a").holds("192.0.2.1")))
                .isEqualTo("a=198.51.100.1");
    }

    @Test
    void endsOfACidrAreKeptBackWhereThePoolSaysSoAndWhoHasThemKeepsThem() {
        var pools = List.of(pool("blue", 1, Map.of(), false, "No", BLUE, "192.0.2.9", "192.0.2.16/31"));
        assertThat(given(
                        pools,
                        service("a"),
                        service("b"),
                        service("c"),
                        service("d"),
                        service("e"),
                        service("f"),
                        service("z").holds("192.0.2.3")))
                .isEqualTo("a=192.0.2.1 b=192.0.2.2 c=192.0.2.9 d=192.0.2.16 e=192.0.2.17 f=out_of_ips z=192.0.2.3");
    }

    @Test
    void whatABlockThatIsNotUnderstoodMayHoldIsTakenFromNobody() {
        assertThat(given(
                        List.of(pool("blue", 1, "192.0.2.0/99", "198.51.100.1")),
                        service("has").holds("192.0.2.1"),
                        service("new")))
                .isEqualTo("has=192.0.2.1 new=198.51.100.1");
        assertThat(given(List.of(pool("red", 1, "198.51.100.1")), service("has").holds("192.0.2.1")))
                .isEqualTo("has=198.51.100.1");
    }

    /** Whoever reads it can mend it without asking which pools there are. */
    @Test
    void whoGetsNoneIsToldWhichPoolsAreForItAndWhyTheyGiveNone() {
        var six = pool("six", 1, Map.of("team", "six"), false, "Yes", "2001:db8::/64");
        var off = pool("off", 2, Map.of("team", "off"), true, "Yes", BLUE);
        var full = pool("full", 3, Map.of("team", "full"), false, "Yes", "198.51.100.1");
        var young = pool("young", 4, Map.of("team", "young"), false, "Yes", "192.0.2.0");
        var twice = pool("twice", 5, Map.of("team", "twice"), false, "Yes", "203.0.113.1", "203.0.113.1");
        var pools = List.of(six, off, full, young, twice);
        assertThat(message(pools, "six"))
                .isEqualTo("No pool that selects this service has IPv4; these have the other family only: six");
        assertThat(message(pools, "off"))
                .isEqualTo("No pool with IPv4 that selects this service gives addresses: off is disabled");
        assertThat(message(pools, "young"))
                .isEqualTo("No pool with IPv4 that selects this service gives addresses: young is in conflict with the "
                        + "older pool off");
        assertThat(message(pools, "twice")).endsWith("gives addresses: twice is in conflict with itself");
        assertThat(message(pools, "full"))
                .isEqualTo(
                        "Every enabled pool with IPv4 that selects this service is full; add a block to one of them, "
                                + "or a pool");
        assertThat(message(pools, "nobody")).startsWith("No pool selects this service;");
    }

    /** To a service of the team, while an older one has the only address of {@code full}. */
    private static String message(List<AddressPoolObject> pools, String team) {
        var older = service("older").labels("team", "full").created(-1);
        var plan = plan(pools, older, service("late").labels("team", team));
        return plan.get(new ObjectKey("shop", "late")).verdict().message();
    }

    /** Of a range without end nothing but what is taken may be looked at: a plan that counts it up does not end. */
    @Test
    void hugeBlocksAndManyServicesArePlanned() {
        var services = IntStream.range(0, 10_000)
                .mapToObj(i -> {
                    var some = service("s%05d".formatted(i)).families(i % 2 == 0, true);
                    return i % 3 == 0 ? some.shares("k" + i % 30, tcp(80 + i % 7)) : some;
                })
                .toArray(ServiceBuilder[]::new);
        var allocations = plan(List.of(pool("blue", 1, "10.0.0.0/16", "2001:db8::/32")), services);
        assertThat(allocations)
                .hasSize(10_000)
                .allSatisfy((_, allocation) ->
                        assertThat(allocation.verdict().satisfied()).isTrue());
    }

    private static String given(List<AddressPoolObject> pools, ServiceBuilder... services) {
        return plan(pools, services).entrySet().stream()
                .map(entry -> entry.getKey().name() + "=" + text(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static Map<ObjectKey, Allocation> plan(List<AddressPoolObject> pools, ServiceBuilder... services) {
        return AllocationPlan.allocations(
                RankedAddressPools.of(
                        pools.stream().map(AddressPoolObject::reading).toList()),
                Arrays.stream(services)
                        .map(ServiceBuilder::row)
                        .map(LoadBalancerService::of)
                        .toList());
    }

    private static String text(Allocation allocation) {
        String addresses =
                allocation.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(","));
        String problem =
                allocation.verdict().satisfied() ? "" : allocation.verdict().reason();
        return addresses + (addresses.isEmpty() || problem.isEmpty() ? "" : "/") + problem;
    }
}
