package dev.tombolo.egress.plan;

import static dev.tombolo.egress.PolicyBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.egress.Cluster;
import dev.tombolo.model.net.IpAddress;
import org.junit.jupiter.api.Test;

/** Policies, pods and nodes in; the rows of the data path out. */
class EgressPlanTest {
    @Test
    void podsThatArePickedByTheSamePoliciesShareOneSet() {
        assertRows(
                Cluster.ofTwoGateways()
                        .policy(policy("web")
                                .pods("app=web")
                                .to("198.51.100.0/24")
                                .through("egress=true", "192.0.2.10"))
                        .policy(policy("all")
                                .to("0.0.0.0/0", "::/0")
                                .notTo("10.0.0.0/8")
                                .through("egress=true", "eth1"))
                        .pod("w1", "app=web", "10.1.1.1", "2001:db8:1::1")
                        .pod("w2", "app=web,version=2", "10.1.1.2")
                        .pod("db", "app=db", "10.1.1.3"),
                """
                source 10.1.1.1 set 2
                source 10.1.1.2 set 2
                source 10.1.1.3 set 1
                source 2001:db8:1::1 set 2
                rule set 1 to ::/0 group 2 by all
                rule set 1 to 0.0.0.0/0 group 2 by all
                rule set 1 to 10.0.0.0/8 exclude by all
                rule set 2 to ::/0 group 2 by all
                rule set 2 to 0.0.0.0/0 group 2 by all
                rule set 2 to 10.0.0.0/8 exclude by all
                rule set 2 to 198.51.100.0/24 group 1 by web
                group 1 of g1@west
                group 2 of g1@west
                address group 1 on g1@west IPv4 192.0.2.10
                address group 2 on g1@west IPv4 interface eth1
                address group 2 on g1@west IPv6 interface eth1
                """);
    }

    @Test
    void aSourceNeedsAllOfItsSelectorsAndAPolicyOneOfItsSources() {
        var cluster = Cluster.ofTwoGateways()
                .node("n2", "disk=ssd")
                .namespace("shop", "team=shop")
                .policy(policy("p").source("app=web", "team=shop", "disk=ssd").source("app=db", "", ""))
                .pod(Cluster.pod("both", "app=web", "n2", false, false, "10.1.2.1"))
                .pod(Cluster.pod("other-node", "app=web", "n1", false, false, "10.1.1.1"))
                .pod(Cluster.pod("other-labels", "app=x", "n2", false, false, "10.1.2.2"))
                .pod(Cluster.pod("second-source", "app=db", "n1", false, false, "10.1.1.2"));
        assertSelected(cluster, "10.1.2.1", "10.1.1.2");
        assertSelected(cluster.namespace("shop", "team=other"), "10.1.1.2");
    }

    @Test
    void labelsThatCiliumDerivesSelectAndCannotBeClaimedByAPod() {
        assertSelected(Cluster.ofTwoGateways()
                .policy(policy("p").pods("io.kubernetes.pod.namespace=bank"))
                .pod("impostor", "io.kubernetes.pod.namespace=bank", "10.1.1.1"));
        assertSelected(
                Cluster.ofTwoGateways()
                        .policy(policy("p")
                                .pods("io.kubernetes.pod.namespace=shop,io.cilium.k8s.policy.cluster=west"
                                        + ",io.cilium.k8s.policy.serviceaccount=default"))
                        .pod("w", "", "10.1.1.1"),
                "10.1.1.1");
        assertSelected(
                Cluster.ofTwoGateways()
                        .namespace("shop", "team=shop")
                        .policy(policy("p").pods("io.cilium.k8s.namespace.labels.team=shop"))
                        .pod("w", "", "10.1.1.1"),
                "10.1.1.1");
    }

    @Test
    void aPodOnTheHostsNetworkIsNeverSelected() {
        assertSelected(
                Cluster.ofTwoGateways()
                        .policy(policy("p"))
                        .pod(Cluster.pod("host", "", "n1", true, false, "192.0.2.1"))
                        .pod("w", "", "10.1.1.1")
                        .pod("starting", ""),
                "10.1.1.1");
    }

    @Test
    void anAddressThatIsUsedAgainInheritsNothing() {
        var cluster = Cluster.ofTwoGateways()
                .policy(policy("p").pods("app=web"))
                .pod(Cluster.pod("old", "app=web", "n1", false, true, "10.1.1.1"));
        assertSelected(cluster, "10.1.1.1");
        assertSelected(cluster.pod("new", "app=db", "10.1.1.1"));
    }

    @Test
    void withoutALivingGatewayForAnAddressThatFloatsPacketsAreDropped() {
        assertRows(
                Cluster.ofTwoGateways()
                        .pool("blue", 0, "192.0.2.10-192.0.2.11")
                        .policy(policy("p")
                                .to("198.51.100.0/24")
                                .notTo("198.51.100.128/25")
                                .through("egress=true", "pool blue"))
                        .pod("w", "", "10.1.1.1")
                        .dead("g1", "g2"),
                """
                source 10.1.1.1 set 1
                rule set 1 to 198.51.100.0/24 drop by p
                rule set 1 to 198.51.100.128/25 exclude by p
                """);
    }

    @Test
    void gatewaysOfAnotherClusterServeOnlyPoliciesThatNameIt() {
        var cluster = Cluster.ofTwoGateways()
                .node("e1@east", "egress=true")
                .policy(policy("here").to("198.51.100.0/24"))
                .policy(policy("there").to("203.0.113.0/24").inCluster("east"))
                .pod("w", "", "10.1.1.1");
        assertRows(cluster, """
                source 10.1.1.1 set 1
                rule set 1 to 198.51.100.0/24 group 2 by here
                rule set 1 to 203.0.113.0/24 group 1 by there
                group 1 of e1@east
                group 2 of g1@west
                address group 1 on e1@east IPv4 default route
                address group 2 on g1@west IPv4 default route
                """);
    }

    @Test
    void eachPodIsPinnedToOneEntryAndOnlyThePodsOfALostEntryMove() {
        var cluster = Cluster.ofTwoGateways();
        var list = policy("p")
                .through("topology.kubernetes.io/zone=a,egress=true", "192.0.2.10")
                .through("topology.kubernetes.io/zone=b,egress=true", "192.0.2.11");
        cluster.policy(list);
        for (int i = 1; i <= 40; i++) {
            cluster.pod("uid-" + i, "", "10.1.1." + i);
        }
        var before = cluster.rows();
        var after = cluster.dead("g1").rows();
        assertThat(before.groups()).hasSize(2);
        for (int i = 1; i <= 40; i++) {
            var pod = IpAddress.parse("10.1.1." + i);
            assertThat(gateway(after, pod)).isEqualTo(Cluster.id("g2"));
        }
        assertThat(before.sources().values().stream().distinct()).hasSize(2);
        assertThat(after.sources()).isEqualTo(before.sources());
    }

    @Test
    void podsPreferGatewaysInTheirZoneUntilItHasNone() {
        var cluster = Cluster.ofTwoGateways()
                .node("n2", "topology.kubernetes.io/zone=b")
                .policy(policy("p").sameZone())
                .pod(Cluster.pod("a", "", "n1", false, false, "10.1.1.1"))
                .pod(Cluster.pod("b", "", "n2", false, false, "10.1.2.1"));
        assertThat(gateway(cluster.rows(), IpAddress.parse("10.1.1.1"))).isEqualTo(Cluster.id("g1"));
        assertThat(gateway(cluster.rows(), IpAddress.parse("10.1.2.1"))).isEqualTo(Cluster.id("g2"));
        assertThat(gateway(cluster.dead("g2").rows(), IpAddress.parse("10.1.2.1")))
                .isEqualTo(Cluster.id("g1"));
    }

    private static dev.tombolo.model.node.NodeId gateway(EgressRows rows, IpAddress pod) {
        return rows.rules().entrySet().stream()
                .filter(row -> row.getKey().set().equals(rows.sources().get(pod)))
                .map(row -> ((EgressRows.Rule.ToGroup) row.getValue()).group())
                .map(group -> rows.groups().get(group).gatewayOf(pod).orElseThrow())
                .findFirst()
                .orElseThrow();
    }

    private static void assertRows(Cluster cluster, String expected) {
        assertThat(RowsText.of(cluster.rows())).isEqualTo(expected);
    }

    private static void assertSelected(Cluster cluster, String... addresses) {
        assertThat(cluster.rows().sources().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        java.util.Arrays.stream(addresses).map(IpAddress::parse).toList());
    }
}
