package dev.tombolo.apiserver.loadbalancer;

import static dev.tombolo.apiserver.loadbalancer.Balancing.pool;
import static dev.tombolo.apiserver.loadbalancer.Balancing.service;
import static dev.tombolo.apiserver.loadbalancer.Balancing.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.kube.object.KubeService;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written into services and pools, and when nothing is. */
class LoadBalancerControllerTest {
    private final BalancersOnTwins twins = new BalancersOnTwins();

    @Test
    void aServiceGetsItsAddressAndAConditionAndThePoolCounts() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        assertThat(twins.shown("a")).isEqualTo("[192.0.2.0] True satisfied");
        assertThat(twins.shownOfPool("blue"))
                .isEqualTo("PoolConflict=False resolved, IPsTotal=256, IPsAvailable=255, IPsUsed=1");
    }

    @Test
    void nothingIsWrittenTwice() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        twins.writes.clear();
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    @Test
    void nothingHappensBeforeTheFirstPool() throws IOException {
        twins.service(service("a"));
        twins.service(service("b").holds("192.0.2.9"));
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    @Test
    void aSourceThatIsNotReadYetTakesNothingAway() throws IOException {
        var fresh = new BalancersOnTwins(false);
        fresh.pool(pool("blue", 1, "192.0.2.0/24"));
        fresh.service(service("a").holds("198.51.100.1"));
        fresh.pass();
        assertThat(fresh.writes).isEmpty();
    }

    @Test
    void theAddressesOfAPoolGoWithItAlsoOfTheLastOne() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        twins.pools.remove("blue");
        twins.pass();
        assertThat(twins.shown("a")).isEqualTo("[] False no_pool");
    }

    @Test
    void theKindThatGoesTakesNoAddressAlong() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        twins.pools.remove("blue");
        twins.wanted = false;
        twins.pass();
        assertThat(twins.shown("a")).isEqualTo("[192.0.2.0] True satisfied");
    }

    @Test
    void poolsOfCiliumAreLeftToIt() throws IOException {
        twins.wanted = false;
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        assertThat(twins.writes).isEmpty();
        twins.wanted = true;
        twins.now = twins.now.plus(Duration.ofMinutes(2));
        twins.pass();
        assertThat(twins.shown("a")).isEqualTo("[192.0.2.0] True satisfied");
    }

    @Test
    void onlyWhoIsElectedWrites() throws IOException {
        twins.elected = false;
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        assertThat(twins.writes).isEmpty();
    }

    @Test
    void othersClassesTypesAndAddressesAreLeftAlone() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("class").ofClass("metallb.io/metallb"));
        twins.service(service("cluster").type(KubeService.Type.CLUSTER_IP));
        twins.service(service("cloud").has("203.0.113.7"));
        twins.service(service("named").hasHostname());
        twins.service(service("ours").ofClass("io.cilium/bgp-control-plane").has("203.0.113.8"));
        twins.service(service("adopted").has("192.0.2.77"));
        twins.pass();
        assertThat(twins.writes).containsExactlyInAnyOrder("adopted", "ours [take]", "ours", "pool blue");
        assertThat(twins.shown("ours")).isEqualTo("[192.0.2.0] True satisfied");
        assertThat(twins.shown("adopted")).isEqualTo("[192.0.2.77] True satisfied");
    }

    @Test
    void aServiceThatIsNotOursAnyMoreGivesItsAddressBack() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("type").type(KubeService.Type.CLUSTER_IP).holds("192.0.2.1"));
        twins.service(service("class").ofClass("metallb.io/metallb").holds("192.0.2.2", "203.0.113.7"));
        twins.pass();
        assertThat(twins.shown("type")).isEqualTo("[] ");
        assertThat(twins.shown("class")).isEqualTo("[203.0.113.7] ");
    }

    /** The informer may be late: an older service must not get what was given a moment ago. */
    @Test
    void whatWasWrittenCountsBeforeItIsReadAgain() throws IOException {
        twins.delayed = true;
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("young").created(9));
        twins.pass();
        twins.service(service("old").created(1));
        twins.pass();
        twins.deliver();
        assertThat(twins.shown("young")).isEqualTo("[192.0.2.0] True satisfied");
        assertThat(twins.shown("old")).isEqualTo("[192.0.2.1] True satisfied");
    }

    /** Made to look as before, which no event tells of. */
    @Test
    void whatSomebodyTakesAwayIsGivenAgain() throws IOException {
        twins.delayed = true;
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.pass();
        twins.forgetWrites();
        twins.pass();
        assertThat(twins.writes).doesNotContain("a");
        twins.now = twins.now.plus(Duration.ofSeconds(20));
        twins.pass();
        assertThat(twins.writes).contains("a");
    }

    @Test
    void aServiceThatHasChangedMeanwhileIsNotWritten() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.stale.add("a");
        twins.service(service("b"));
        twins.pass();
        assertThat(twins.shown("a")).isEqualTo("[] ");
        assertThat(twins.shown("b")).isEqualTo("[192.0.2.1] True satisfied");
    }

    @Test
    void noAddressIsGivenWhileAnotherServiceStillHasIt() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.1"));
        twins.service(service("type").type(KubeService.Type.CLUSTER_IP).holds("192.0.2.1"));
        twins.service(service("new"));
        twins.broken.add("type");
        assertThatThrownBy(twins::pass).hasMessageContaining("type");
        assertThat(twins.shown("new")).isEqualTo("[] ");
        twins.broken.clear();
        twins.pass();
        assertThat(twins.shown("new")).isEqualTo("[192.0.2.1] True satisfied");
    }

    @Test
    void addressesThatAreSwappedAreTakenFirst() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a").holds("192.0.2.1").asks("192.0.2.2"));
        twins.service(service("b").holds("192.0.2.2").asks("192.0.2.1"));
        twins.pass();
        assertThat(twins.writes).containsExactly("a [take]", "b [take]", "a", "b", "pool blue");
        assertThat(twins.shown("a")).isEqualTo("[192.0.2.2] True satisfied");
    }

    @Test
    void aServiceThatCannotBeWrittenStopsNoOtherAndNoPool() throws IOException {
        twins.pool(pool("blue", 1, "192.0.2.0/24"));
        twins.service(service("a"));
        twins.service(service("b"));
        twins.broken.add("a");
        assertThatThrownBy(twins::pass).hasMessageContaining("a");
        assertThat(twins.shown("b")).isEqualTo("[192.0.2.1] True satisfied");
        assertThat(twins.shownOfPool("blue")).contains("IPsTotal=256");
    }

    @Test
    void poolsInConflictAndThoseNotUnderstoodSayWhyAndTellIt() throws IOException {
        twins.pool(pool("old", 1, "192.0.2.0/24"));
        twins.pool(pool("young", 2, "192.0.2.128-192.0.2.130"));
        twins.pool(pool("twice", 3, "198.51.100.0/24", "198.51.100.9"));
        twins.pool(pool("bad", 4, "203.0.113.0/33", "2001:db8::/64"));
        twins.pool(pool("worse", 5, "203.0.113.9-203.0.113.1"));
        twins.pass();
        assertThat(twins.condition("young", "cilium.io/PoolConflict"))
                .startsWith("True cidr_overlap: range '192.0.2.128 - 192.0.2.130' overlaps range"
                        + " '192.0.2.0 - 192.0.2.255' of the older pool 'old'");
        assertThat(twins.condition("twice", "cilium.io/PoolConflict")).contains("of the same pool");
        assertThat(twins.shownOfPool("bad"))
                .startsWith("PoolConflict=False resolved, IPsTotal=18446744073709551616,"
                        + " IPsAvailable=18446744073709551616, IPsUsed=0, Invalid=");
        assertThat(twins.condition("worse", "tombolo.dev/Invalid"))
                .startsWith("True SpecRefused: CiliumLoadBalancerIPPool worse spec.blocks[0]: read"
                        + " 203.0.113.9-203.0.113.1, expected cidr, or start and stop of one family");
        assertThat(twins.events)
                .extracting(event -> event.split(":")[0])
                .containsExactlyInAnyOrder(
                        "young WARNING PoolConflict",
                        "twice WARNING PoolConflict",
                        "bad WARNING Invalid",
                        "worse WARNING Invalid");
        twins.events.clear();
        twins.pools.remove("old");
        twins.pass();
        twins.pass();
        assertThat(twins.events)
                .containsExactly("young NORMAL ConflictResolved: no other pool has any of its addresses any more");
    }

    @Test
    void addressesThatAreKeptBackCountOnlyWhereSomebodyHasThem() throws IOException {
        twins.pool(pool("ends", 1, Map.of(), false, "No", "192.0.2.0/30"));
        twins.service(service("a").holds("192.0.2.3"));
        twins.service(service("b").shares("k", tcp(1)));
        twins.service(service("c").shares("k", tcp(2)));
        twins.pass();
        assertThat(twins.shownOfPool("ends"))
                .isEqualTo("PoolConflict=False resolved, IPsTotal=3, IPsAvailable=1, IPsUsed=2");
    }
}
