package dev.tombolo.agent.egress.address;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HeldAddressPlanTest {
    private static final IpAddress EGRESS = IpAddress.parse(TwoNodes.EGRESS);
    private static final NodeNetwork WITHOUT = TwoNodes.network(2);
    private static final NodeNetwork WITH = TwoNodes.network(2, TwoNodes.EGRESS);

    private final TwoNodes cluster = new TwoNodes();

    private Map<IpAddress, HeldAddress> held(NodeId node, NodeNetwork network, Set<IpAddress> owned) {
        var pools = cluster.pools.stream()
                .map(pool -> new EgressPoolObject(
                        pool.name(), "", 1, Optional.empty(), Map.of("tier", "gold", "of", "pool"), null, null))
                .collect(Collectors.toMap(EgressPoolObject::name, Function.identity()));
        var policies =
                cluster.policies.stream().collect(Collectors.toMap(EgressPolicyObject::name, Function.identity()));
        return HeldAddressPlan.held(node, cluster.program(), network, owned, policies, pools);
    }

    private void label(Map<String, String> labels) {
        cluster.policies.replaceAll(policy -> new EgressPolicyObject(
                policy.name(),
                policy.uid(),
                policy.generation(),
                policy.created(),
                labels,
                policy.annotations(),
                policy.spec(),
                policy.status()));
    }

    private void owner(NodeId node) {
        cluster.owners.put(EGRESS, new EgressOwner(node, 7, "billing#0", Instant.EPOCH));
    }

    @Test
    void theGatewayHasTheAddressThatItsAdministratorHasPutOnADevice() {
        label(Map.of("team", "billing"));
        assertThat(held(NODE2, WITH, Set.of()))
                .isEqualTo(Map.of(
                        EGRESS, new HeldAddress(Optional.empty(), Map.of("team", "billing"), OptionalLong.empty())));
        assertThat(held(NODE2, WITHOUT, Set.of())).as("not there yet").isEmpty();
        assertThat(held(NODE1, TwoNodes.network(1, TwoNodes.EGRESS), Set.of()))
                .as("no gateway")
                .isEmpty();
    }

    @Test
    void oneThatFloatsIsOfWhoHasItAndHasNotLostIt() {
        cluster.letEgressFloat();
        owner(NODE2);
        label(Map.of("of", "policy", "team", "billing"));
        var ours = new HeldAddress(
                Optional.of("floating"), Map.of("team", "billing", "tier", "gold", "of", "pool"), OptionalLong.of(7));
        assertThat(held(NODE2, WITH, Set.of(EGRESS))).isEqualTo(Map.of(EGRESS, ours));
        assertThat(held(NODE2, WITH, Set.of())).as("on a device, but given up").isEmpty();
        owner(NODE1);
        assertThat(held(NODE2, WITH, Set.of(EGRESS)))
                .as("another node's by now")
                .isEmpty();
    }

    @Test
    void anAddressThatNoPolicyNamesIsNobodysToTell() {
        cluster.policies.clear();
        assertThat(held(NODE2, WITH, Set.of(EGRESS))).isEmpty();
    }

    @Test
    void theAddressOfADeviceIsTheNodesOwn() {
        cluster.policies.set(0, TwoNodes.policyOfInterface("billing", "eth0", TwoNodes.OUTSIDE));
        assertThat(held(NODE2, WITH, Set.of())).isEmpty();
    }
}
