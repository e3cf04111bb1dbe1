package dev.tombolo.apiserver.loadbalancer;

import static dev.tombolo.apiserver.loadbalancer.Balancing.pool;
import static dev.tombolo.apiserver.loadbalancer.Balancing.service;
import static dev.tombolo.apiserver.loadbalancer.Balancing.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.loadbalancer.Balancing.ServiceBuilder;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for whatever pools and services there are, in whatever order they come, and whatever changes. */
class AllocationPlanPropertyTest {
    private static final List<String> BLOCKS = List.of(
            "192.0.2.0/30",
            "192.0.2.2-192.0.2.5",
            "192.0.2.8/29",
            "192.0.2.64",
            "198.51.100.0/31",
            "2001:db8::/126",
            "2001:db8::2-2001:db8::9",
            "2001:db8:1::/64",
            "nonsense",
            "192.0.2.9-192.0.2.1");
    private static final List<String> TEAMS = List.of("red", "blue");
    private static final List<String> KEYS = List.of("k1", "k2");

    @Property(tries = 200)
    void nobodyHasAnAddressOfAnothersUnlessBothShareIt(@ForAll Random random) {
        var scene = new Scene(random);
        for (int i = 0; i < 4; i++) {
            scene.change();
            scene.step();
            scene.holders().values().forEach(AllocationPlanPropertyTest::share);
        }
    }

    private static void share(List<KubeService> holders) {
        for (var one : holders) {
            for (var other : holders) {
                if (one != other) {
                    assertThat(Sharing.of(one).key())
                            .isNotEmpty()
                            .isEqualTo(Sharing.of(other).key());
                    assertThat(Collections.disjoint(
                                    Sharing.of(one).ports(), Sharing.of(other).ports()))
                            .as(one.key() + " and " + other.key())
                            .isTrue();
                    assertThat(one.loadBalancing().localOnly())
                            .isEqualTo(other.loadBalancing().localOnly());
                }
            }
        }
    }

    /** Also by pools and services that come, go, conflict, are switched off or cannot be read. */
    @Property(tries = 200)
    void anAddressStaysWhileAPoolThatSelectsTheServiceHasIt(@ForAll Random random) {
        var scene = new Scene(random);
        scene.change();
        scene.step();
        for (int i = 0; i < 4; i++) {
            scene.change();
            var before = new HashMap<>(scene.services);
            scene.step();
            var pools = scene.ranked();
            before.forEach((key, service) -> service.loadBalancerIps().stream()
                    .filter(address -> pools.letsKeep(LoadBalancerService.of(service), address))
                    .forEach(address -> assertThat(scene.services.get(key).loadBalancerIps())
                            .contains(address)));
        }
    }

    @Property(tries = 200)
    void theOrderOfPoolsAndServicesIsOfNoImportance(@ForAll Random random) {
        var scene = new Scene(random);
        scene.change();
        scene.step();
        scene.change();
        var expected = scene.plan();
        Collections.shuffle(scene.pools, random);
        var shuffled = new ArrayList<>(scene.services.values());
        Collections.shuffle(shuffled, random);
        assertThat(scene.plan(shuffled)).isEqualTo(expected);
    }

    @Property(tries = 200)
    void whereNothingChangesNothingIsWritten(@ForAll Random random) {
        var scene = new Scene(random);
        scene.change();
        scene.step();
        assertThat(scene.changes()).isEmpty();
    }

    @Property(tries = 200)
    void whatIsGivenIsOfAPoolThatGives(@ForAll Random random) {
        var scene = new Scene(random);
        scene.change();
        scene.step();
        scene.change();
        var pools = scene.ranked();
        scene.plan()
                .forEach((key, allocation) -> allocation.addresses().stream()
                        .filter(address ->
                                !scene.services.get(key).loadBalancerIps().contains(address))
                        .forEach(address -> assertThat(pools.pools())
                                .anyMatch(pool -> pools.gives(pool, LoadBalancerService.of(scene.services.get(key)))
                                        && RankedAddressPools.isFree(pool, address))));
    }

    /** Pools and services that change at random. */
    private static final class Scene {
        private final Random random;
        private final Map<ObjectKey, KubeService> services = new HashMap<>();
        private List<AddressPoolObject> pools = new ArrayList<>();

        Scene(Random random) {
            this.random = random;
        }

        void change() {
            pools = new ArrayList<>(IntStream.range(0, random.nextInt(5))
                    .mapToObj(i -> pool(
                            "pool" + i,
                            random.nextInt(3),
                            random.nextBoolean() ? Map.of() : Map.of("team", one(TEAMS)),
                            random.nextInt(4) == 0,
                            random.nextInt(3) == 0 ? "No" : "Yes",
                            IntStream.range(0, random.nextInt(4))
                                    .mapToObj(_ -> one(BLOCKS))
                                    .toArray(String[]::new)))
                    .toList());
            services.values().removeIf(_ -> random.nextInt(5) == 0);
            for (int i = 0; i < 12; i++) {
                var made = made("s" + random.nextInt(20));
                services.putIfAbsent(made.key(), made);
            }
        }

        private KubeService made(String name) {
            ServiceBuilder some = service(name)
                    .created(random.nextInt(5))
                    .labels("team", one(TEAMS))
                    .families(true, random.nextBoolean());
            if (random.nextBoolean()) {
                some.shares(one(KEYS), tcp(80 + random.nextInt(3)));
            }
            if (random.nextInt(5) == 0) {
                some.localOnly(one(TEAMS));
            }
            if (random.nextInt(4) == 0) {
                some.asks("192.0.2." + random.nextInt(10));
            }
            return some.row();
        }

        private String one(List<String> texts) {
            return texts.get(random.nextInt(texts.size()));
        }

        RankedAddressPools ranked() {
            return RankedAddressPools.of(
                    pools.stream().map(AddressPoolObject::reading).toList());
        }

        Map<ObjectKey, Allocation> plan() {
            return plan(services.values());
        }

        Map<ObjectKey, Allocation> plan(Collection<KubeService> known) {
            return AllocationPlan.allocations(
                    ranked(), known.stream().map(LoadBalancerService::of).toList());
        }

        List<ServiceChange> changes() {
            return ServiceChangePlan.changes(services.values(), ranked(), plan(), Instant.EPOCH);
        }

        void step() {
            changes()
                    .forEach(change -> services.put(
                            change.service().key(), change.service().with(change.addresses(), change.condition())));
        }

        Map<IpAddress, List<KubeService>> holders() {
            var holders = new HashMap<IpAddress, List<KubeService>>();
            services.values()
                    .forEach(service -> service.loadBalancerIps()
                            .forEach(address -> holders.computeIfAbsent(address, _ -> new ArrayList<>())
                                    .add(service)));
            return holders;
        }
    }
}
