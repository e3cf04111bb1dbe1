package dev.tombolo.agent.egress.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressGateway;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.egress.EgressPreferences;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two gateways of a policy whose address floats; node1 comes first by name. */
class ClaimPlanTest {
    private static final ClusterName EAST = new ClusterName("east");
    private static final NodeId NODE1 = new NodeId(EAST, "node1");
    private static final NodeId NODE2 = new NodeId(EAST, "node2");
    private static final IpAddress ADDRESS = IpAddress.parse("172.30.1.200");
    private static final String GROUP = "billing#0";

    private final List<EgressNode> nodes = new ArrayList<>(List.of(node(NODE1, false), node(NODE2, false)));
    private final Map<NodeId, GatewayHealth> health = new HashMap<>();
    private final Map<IpAddress, AddressOwner> owners = new HashMap<>();
    private final Set<IpAddress> held = new HashSet<>();
    private final List<EgressPolicy> policies = new ArrayList<>(List.of(policy("billing", LabelSelector.EVERYTHING)));
    private boolean wanted = true;

    private static EgressNode node(NodeId id, boolean draining) {
        return new EgressNode(id, Map.of(), true, draining);
    }

    private static EgressPolicy policy(String name, LabelSelector gateways) {
        var everything = LabelSelector.EVERYTHING;
        return new EgressPolicy(
                name,
                Instant.EPOCH,
                List.of(new EgressSource(everything, everything, everything)),
                List.of(Prefix.parse("198.51.100.0/24")),
                List.of(),
                List.of(new EgressGateway(gateways, new EgressAddress.Fixed(ADDRESS))),
                EgressPreferences.DEFAULT);
    }

    private static LabelSelector role(String role) {
        return new LabelSelector(List.of(new LabelRequirement("role", LabelRequirement.Operator.IN, Set.of(role))));
    }

    private void ownedBy(NodeId node) {
        owners.put(ADDRESS, new AddressOwner(ADDRESS, node.name(), 3, GROUP, Instant.EPOCH));
    }

    private Map<IpAddress, Claim> claims(NodeId self) {
        var everything = LabelSelector.EVERYTHING;
        var pool = new EgressPool(
                "floating",
                Instant.EPOCH,
                List.of(new AddressRange(ADDRESS, ADDRESS)),
                everything,
                OptionalInt.empty());
        var known = new HashMap<IpAddress, EgressOwner>();
        owners.forEach((address, owner) -> known.put(
                address, new EgressOwner(new NodeId(EAST, owner.node()), owner.epoch(), owner.group(), owner.since())));
        var state = new EgressState(
                EAST, wanted ? policies : List.of(), List.of(), Map.of(), nodes, health, List.of(pool), known);
        return ClaimPlan.claims(
                self, state, EgressPlan.decide(state), owners, wanted ? Set.of(ADDRESS) : Set.of(), held);
    }

    @Test
    void anAddressThatNobodyOwnsIsTakenByWhoShouldHoldIt() {
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Take(GROUP)));
        assertThat(claims(NODE2)).isEmpty();
    }

    @Test
    void whoOwnsItKeepsItWhileItMayBeAlive() {
        ownedBy(NODE2);
        assertThat(claims(NODE1)).isEmpty();
        assertThat(claims(NODE2)).isEmpty();
    }

    @Test
    void aDeadOwnerIsDeposed() {
        ownedBy(NODE2);
        health.put(NODE2, GatewayHealth.DEAD);
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Depose(GROUP, "node2", GatewayHealth.DEAD)));
    }

    /** The votes of others may come to it; by one word alone nobody is deposed before it has stood. */
    @Test
    void anOwnerThatIsAccusedIsToBeDeposedOnceItIsDead() {
        ownedBy(NODE2);
        health.put(NODE2, GatewayHealth.ACCUSED);
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Depose(GROUP, "node2", GatewayHealth.DEAD)));
    }

    @Test
    void anOwnerThatNeitherNodesNorKubernetesHearIsDeposed() {
        ownedBy(NODE2);
        health.put(NODE2, GatewayHealth.UNHEARD);
        assertThat(claims(NODE1)).isEmpty();
        nodes.set(1, new EgressNode(NODE2, Map.of(), false, false));
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Depose(GROUP, "node2", GatewayHealth.UNHEARD)));
        health.clear();
        assertThat(claims(NODE1)).isEmpty();
    }

    @Test
    void whoDrainsOrIsNoGatewayAnyMoreIsSucceeded() {
        ownedBy(NODE2);
        nodes.set(1, node(NODE2, true));
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Succeed(GROUP, "node2")));
        nodes.remove(1);
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Succeed(GROUP, "node2")));
    }

    /** The later one could not be served by that node either: the address would serve nobody. */
    @Test
    void anotherPolicyThatNamesTheAddressKeepsItNowhere() {
        nodes.set(0, new EgressNode(NODE1, Map.of("role", "billing"), true, false));
        nodes.set(1, new EgressNode(NODE2, Map.of("role", "later"), true, false));
        policies.set(0, policy("billing", role("billing")));
        policies.add(policy("later", role("later")));
        ownedBy(NODE2);
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Succeed(GROUP, "node2")));
        assertThat(claims(NODE2)).isEmpty();
    }

    @Test
    void whatNobodyWantsIsReleasedWhenItIsOnNoDeviceAnyMore() {
        ownedBy(NODE1);
        wanted = false;
        held.add(ADDRESS);
        assertThat(claims(NODE1)).isEmpty();
        held.clear();
        assertThat(claims(NODE1)).isEqualTo(Map.of(ADDRESS, new Claim.Release()));
        assertThat(claims(NODE2)).isEmpty();
    }
}
