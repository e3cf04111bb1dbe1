package dev.tombolo.agent.egress.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressPlanningTest {
    private static final NumbersInUse NOTHING = new NumbersInUse(Set.of(), Set.of(), Set.of());

    @TempDir
    Path state;

    private static final IpAddress FLOATING = IpAddress.parse(TwoNodes.EGRESS);

    private final TwoNodes cluster = new TwoNodes();

    /** Node1 comes first by name. */
    private void node2OwnsBesideNode1() {
        cluster.letEgressFloat();
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        cluster.owners.put(FLOATING, new EgressOwner(TwoNodes.NODE2, 1, "billing#0", Instant.EPOCH));
    }

    private NodeId holder(EgressPlanning planning) {
        return planning.program(cluster.state(), List.of(), cluster.versions())
                .decisions()
                .holders()
                .get(FLOATING)
                .node();
    }

    private EgressPlanning planning(NumbersInUse inUse) {
        return new EgressPlanning(EgressNumbersFile.in(state), KnownOwners.in(state, TwoNodes.CLUSTER), () -> inUse);
    }

    /** A policy that came first by name while the agent was away would else take the numbers of the one in the kernel. */
    @Test
    void theAgentAfterThisOneGivesTheSameNumbers() {
        var before = planning(NOTHING).program(cluster.state(), List.of(), cluster.versions());
        cluster.policies.addFirst(TwoNodes.policy("another", "172.30.1.201", Prefix.parse("203.0.113.0/24")));
        cluster.policies.add(TwoNodes.policy("third", "172.30.1.202", Prefix.parse("192.0.2.0/24")));

        var after = planning(new NumbersInUse(Set.of(1), Set.of(1), Set.of(1)))
                .program(cluster.state(), List.of(), cluster.versions());

        String group = before.decisions().usedGroups().iterator().next().toString();
        assertThat(after.numbers().groups().of(group))
                .isEqualTo(before.numbers().groups().of(group));
        assertThat(after.numbers().policies().of("billing"))
                .isEqualTo(before.numbers().policies().of("billing"));
        assertThat(after.numbers().sets().numbers().values()).doesNotContain(1);
    }

    @Test
    void numbersInTheKernelAreNotGivenAwayWhenTheFileIsLost() throws IOException {
        Files.writeString(state.resolve("egress-numbers"), "egress-numbers 1\nset one %");

        var program = planning(new NumbersInUse(Set.of(1, 2), Set.of(1), Set.of(1)))
                .program(cluster.state(), List.of(), cluster.versions());

        assertThat(program.numbers().sets().numbers().values()).containsExactly(3);
        assertThat(program.numbers().groups().numbers().values()).containsExactly(2);
        assertThat(program.numbers().gateways().numbers().values()).containsExactly(2);
    }

    @Test
    void aNumberIsGivenAwayWhenNoRowHasItAnyMore() {
        planning(NOTHING).program(cluster.state(), List.of(), cluster.versions());
        cluster.policies.set(0, TwoNodes.policy("another", "172.30.1.201", Prefix.parse("203.0.113.0/24")));

        var after = planning(NOTHING).program(cluster.state(), List.of(), cluster.versions());

        assertThat(after.numbers().sets().numbers().values()).containsExactly(1);
        assertThat(after.numbers().groups().numbers().values())
                .as("flows may remember the group")
                .containsExactly(2);
    }

    /** The mesh server's etcd goes with its pod: without this all addresses would move to the first node by name. */
    @Test
    void whoOwnedAnAddressIsToHoldItAgainWhenTheRecordIsLost() throws IOException {
        node2OwnsBesideNode1();
        var planning = planning(NOTHING);
        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE2);

        cluster.owners.clear();

        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE2);
        assertThat(holder(planning(NOTHING))).as("of the agent after this one").isEqualTo(TwoNodes.NODE2);
        Files.writeString(state.resolve("egress-owners"), "egress-owners 1\n172.30.1.200 node2");
        assertThat(holder(planning(NOTHING))).as("what is not as we write it").isEqualTo(TwoNodes.NODE1);
    }

    @Test
    void aNewerRecordIsBelievedAndAnOlderOneOfAPolicyThatIsGoneIsNot() {
        node2OwnsBesideNode1();
        var planning = planning(NOTHING);
        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE2);

        cluster.owners.put(FLOATING, new EgressOwner(TwoNodes.NODE1, 2, "billing#0", Instant.EPOCH));
        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE1);

        cluster.owners.put(FLOATING, new EgressOwner(TwoNodes.NODE2, 3, "gone#0", Instant.EPOCH));
        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE2);
        cluster.owners.clear();
        assertThat(holder(planning)).isEqualTo(TwoNodes.NODE1);
    }
}
