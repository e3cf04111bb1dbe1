package dev.tombolo.egress.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.egress.PolicyBuilder;
import dev.tombolo.egress.plan.EgressDecisions.Holder;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for addresses of pools, whatever policies, pools, nodes and owners there are. */
class FloatingAddressPropertyTest {
    @Property
    void noTwoNodesHaveOneAddress(@ForAll("clusters") Cluster cluster) {
        var nodes = new HashMap<IpAddress, NodeId>();
        cluster.rows().addresses().forEach((key, address) -> {
            if (address instanceof EgressAddress.Fixed(var fixed)) {
                assertThat(nodes.merge(fixed, key.node(), (first, _) -> first)).isEqualTo(key.node());
            }
        });
    }

    @Property
    void noTwoGatewaysOfPoliciesGetOneAddress(@ForAll("clusters") Cluster cluster) {
        var given = given(cluster);
        assertThat(given.values()).doesNotHaveDuplicates();
        var fixed = cluster.policies.stream()
                .flatMap(policy -> policy.gateways().stream())
                .map(gateway -> gateway.address())
                .toList();
        assertThat(given.values()).noneMatch(fixed::contains);
    }

    @Property
    void noNodeHoldsMoreThanAPoolAllowsAndNoneThatIsDeadHoldsAny(@ForAll("clusters") Cluster cluster) {
        var pools = RankedPools.of(cluster.pools);
        var counts = new HashMap<String, Integer>();
        cluster.decisions().holders().forEach((address, holder) -> {
            var pool = pools.of(address).orElseThrow();
            int count = counts.merge(pool.name() + " " + holder.node(), 1, Integer::sum);
            assertThat(count).isLessThanOrEqualTo(pool.maximumPerNode().orElse(Integer.MAX_VALUE));
            assertThat(cluster.state().healthOf(holder.node())).isNotEqualTo(GatewayHealth.DEAD);
        });
    }

    @Property
    void theOrderOfTheInputNeverMatters(@ForAll("clusters") Cluster cluster, @ForAll long seed) {
        var first = cluster.decisions();
        for (List<?> input : List.of(cluster.policies, cluster.pods, cluster.nodes, cluster.pools)) {
            Collections.shuffle(input, new Random(seed));
        }
        assertThat(cluster.decisions()).isEqualTo(first);
    }

    @Property
    void aNodeThatIsLostGivesUpItsOwnAddressesAndNoOtherMoves(@ForAll("clusters") Cluster cluster, @ForAll long seed) {
        var before = own(cluster);
        var given = given(cluster);
        var lost = cluster.nodes
                .get(new Random(seed).nextInt(cluster.nodes.size()))
                .id();
        cluster.health.put(lost, GatewayHealth.DEAD);
        var after = cluster.decisions().holders();
        before.forEach((address, holder) -> {
            if (!holder.node().equals(lost) && mayStay(cluster, holder.node())) {
                assertThat(after).containsEntry(address, holder);
            }
        });
        assertThat(given(cluster)).isEqualTo(given);
    }

    @Property
    void whoOwnsAnAddressKeepsItWhicheverOtherPoliciesComeAndGo(
            @ForAll("clusters") Cluster cluster, @ForAll long seed) {
        own(cluster);
        var given = given(cluster);
        var random = new Random(seed);
        cluster.policies.removeIf(_ -> random.nextBoolean());
        cluster.policy(PolicyBuilder.policy("new").priority(9).through("egress=true", "pool a"));
        var after = given(cluster);
        given.forEach((holder, address) -> {
            if (after.containsKey(holder) && cluster.owners.containsKey(((EgressAddress.Fixed) address).address())) {
                assertThat(after).containsEntry(holder, address);
            }
        });
    }

    /** One that is to give its addresses up anyway may have to do so for want of room. */
    private static boolean mayStay(Cluster cluster, NodeId node) {
        return cluster.nodes.stream()
                .anyMatch(known -> known.id().equals(node)
                        && !known.draining()
                        && !cluster.state().isLost(known));
    }

    /**
     * Everything is held where it should be, and by nobody else. Not at the first go: who owned an address and could not keep
     * it, as where it is dead and the policy wants no failover, owns it no more, so that another node is to take it next.
     */
    private static Map<IpAddress, Holder> own(Cluster cluster) {
        var holders = cluster.decisions().holders();
        Map<IpAddress, Holder> before;
        do {
            before = holders;
            cluster.owners.clear();
            holders.forEach((address, holder) ->
                    cluster.owners.put(address, new EgressOwner(holder.node(), 1, holder.policy(), Instant.EPOCH)));
            holders = cluster.decisions().holders();
        } while (!holders.equals(before));
        return holders;
    }

    /** The addresses that gateways which ask for one of a pool are given. */
    private static Map<String, EgressAddress> given(Cluster cluster) {
        var given = new TreeMap<String, EgressAddress>();
        var decided = new HashMap<String, dev.tombolo.model.egress.EgressPolicy>();
        cluster.decisions().policies().forEach(policy -> decided.put(policy.name(), policy));
        for (var policy : cluster.policies) {
            for (int entry = 0; entry < policy.gateways().size(); entry++) {
                var address = decided.get(policy.name()).gateways().get(entry).address();
                boolean asked = policy.gateways().get(entry).address() instanceof EgressAddress.OfPool;
                if (asked && address instanceof EgressAddress.Fixed) {
                    given.put(policy.name() + "#" + entry, address);
                }
            }
        }
        return given;
    }

    @Provide
    Arbitrary<Cluster> clusters() {
        return Arbitraries.longs().map(seed -> cluster(new Random(seed)));
    }

    private static Cluster cluster(Random random) {
        var cluster = new Cluster();
        for (int node = 0; node < 4; node++) {
            cluster.node("n" + node, "egress=true,rack=r" + random.nextInt(2))
                    .health("n" + node, GatewayHealth.values()[random.nextInt(GatewayHealth.values().length)]);
            if (random.nextInt(4) == 0) {
                cluster.draining("n" + node);
            }
            if (random.nextInt(4) == 0) {
                cluster.unready("n" + node);
            }
            if (random.nextInt(4) > 0) {
                cluster.agents("n" + node);
            }
        }
        cluster.pool("a", random.nextInt(2), nodes(random), most(random), "192.0.2.10-192.0.2.14");
        cluster.pool("b", random.nextInt(2), nodes(random), most(random), "192.0.2.13-192.0.2.17");
        for (int policy = 0; policy < random.nextInt(8); policy++) {
            cluster.policy(policy("p" + policy, random)).pod("w" + policy, "", "10.1.1." + policy);
        }
        for (int owned = 0; owned < random.nextInt(5); owned++) {
            cluster.owner(
                    "192.0.2." + (10 + random.nextInt(8)),
                    "n" + random.nextInt(4),
                    "p" + random.nextInt(8) + "#" + random.nextInt(2));
        }
        return cluster;
    }

    private static String nodes(Random random) {
        return random.nextBoolean() ? "" : "rack=r" + random.nextInt(2);
    }

    private static OptionalInt most(Random random) {
        return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(2));
    }

    private static PolicyBuilder policy(String name, Random random) {
        var policy = PolicyBuilder.policy(name)
                .to("198.51." + random.nextInt(3) + ".0/24")
                .priority(random.nextInt(2))
                .created(random.nextInt(2));
        for (int gateway = 0; gateway <= random.nextInt(2); gateway++) {
            String nodes = random.nextBoolean() ? "egress=true" : "rack=r" + random.nextInt(2);
            String address = random.nextBoolean()
                    ? "192.0.2." + (9 + random.nextInt(10))
                    : "pool " + "abc".charAt(random.nextInt(3));
            policy.through(nodes, address);
        }
        return random.nextInt(3) == 0 ? policy.withoutFailover() : policy;
    }
}
