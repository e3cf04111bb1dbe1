package dev.tombolo.agent.ipcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.mesh.OwnAddresses;
import dev.tombolo.agent.mesh.Refusals;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.Invalid.Reason;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnIpcacheDerivationTest {
    private static final ClusterName WEST = new ClusterName("west");
    private static final int WEB = 65_537;
    private final Table<String, KubeNode> nodes = new Table<>("nodes");
    private final Table<Prefix, MeshEndpoint> endpoints = new Table<>("endpoints");
    private final Table<ClusterName, PeerDeclaration> peers = new Table<>("peers");
    private final Refusals refusals = new Refusals();
    private final Table<Prefix, IpcacheEntry> rows = new Table<>("rows");

    @Test
    void podsHaveTheIdentityOfTheMeshAndNodesTheReservedOnes() {
        node("here", "172.30.1.11", "100.64.64.1");
        node("there", "172.30.1.12", "100.64.64.2");
        pod("10.1.1.5", WEB);
        // A pod on its node's network is that node.
        pod("172.30.1.12", WEB);
        initialize();
        try (var _ = start()) {
            await().until(rows::initialized);
            assertThat(identities())
                    .isEqualTo(Map.of(
                            "172.30.1.11/32", 1,
                            "100.64.64.1/32", 1,
                            "172.30.1.12/32", 6,
                            "100.64.64.2/32", 6,
                            "10.1.1.5/32", WEB));
            assertThat(rows.snapshot().values().distinct().toList())
                    .allSatisfy(entry -> assertThat(entry.isLocal() && entry.clusterId() == 1)
                            .isTrue());
        }
    }

    @Test
    void followsPodsAndNodesThatComeChangeAndGo() {
        initialize();
        try (var _ = start()) {
            pod("10.1.1.5", WEB);
            node("there", "172.30.1.12", "");
            await().untilAsserted(
                            () -> assertThat(identities()).isEqualTo(Map.of("10.1.1.5/32", WEB, "172.30.1.12/32", 6)));
            pod("10.1.1.5", WEB + 1);
            node("there", "172.30.1.13", "100.64.64.2");
            await().untilAsserted(() -> assertThat(identities())
                    .isEqualTo(Map.of("10.1.1.5/32", WEB + 1, "172.30.1.13/32", 6, "100.64.64.2/32", 6)));
            endpoints.remove(Prefix.parse("10.1.1.5/32"));
            nodes.remove("there");
            await().untilAsserted(() -> assertThat(identities()).isEmpty());
        }
    }

    @Test
    void isNotCompleteBeforeTheMeshServerWasRead() {
        nodes.markInitialized();
        peers.markInitialized();
        try (var _ = start()) {
            node("here", "172.30.1.11", "");
            await().until(() -> rows.snapshot().size() == 1);
            assertThat(rows.initialized()).isFalse();
            endpoints.markInitialized();
            await().until(rows::initialized);
        }
    }

    @Test
    void whatLiesInTheRangesOfADeclaredPeerIsLeftOutWhoeverNamesItAndShown() {
        declare("10.2.0.0/16");
        node("here", "172.30.1.11", "100.64.64.1");
        node("liar", "10.2.1.5", "100.64.128.2");
        pod("10.2.1.6", WEB);
        initialize();
        try (var _ = start()) {
            await().until(rows::initialized);
            assertThat(identities()).isEqualTo(Map.of("172.30.1.11/32", 1, "100.64.64.1/32", 1));
            assertThat(refusals.counts()).isEqualTo(Map.of(Reason.ADDRESS_NOT_OURS, 3L));
            assertThat(refusals.examples().get(Reason.ADDRESS_NOT_OURS).toString())
                    .contains("no address in a range of cluster west");
            nodes.remove("liar");
            endpoints.remove(Prefix.parse("10.2.1.6/32"));
            await().untilAsserted(() -> assertThat(refusals.counts()).isEmpty());
        }
    }

    @Test
    void aTunnelAddressOutsideOfTheOwnTunnelRangeIsLeftOutAndShown() {
        node("there", "172.30.1.12", "100.99.0.2");
        initialize();
        try (var _ = start()) {
            await().until(rows::initialized);
            assertThat(identities()).isEqualTo(Map.of("172.30.1.12/32", 6));
            assertThat(refusals.examples().get(Reason.ADDRESS_NOT_OURS).toString())
                    .isEqualTo("node there: read 100.99.0.2/32, expected a tunnel address within 100.64.64.0/18");
        }
    }

    @Test
    void aPeerThatIsDeclaredLaterTakesWhatIsInItsRangesAndGivesItBackAsItGoes() {
        node("there", "10.2.1.5", "100.64.64.2");
        pod("10.2.1.6", WEB);
        pod("10.3.1.6", WEB);
        initialize();
        try (var _ = start()) {
            await().until(() -> rows.snapshot().size() == 4);
            declare("10.2.0.0/16");
            await().untilAsserted(
                            () -> assertThat(identities().keySet()).isEqualTo(Set.of("100.64.64.2/32", "10.3.1.6/32")));
            declare("10.3.0.0/16");
            await().untilAsserted(() -> assertThat(identities().keySet())
                    .isEqualTo(Set.of("100.64.64.2/32", "10.2.1.5/32", "10.2.1.6/32")));
            peers.remove(WEST);
            await().until(() -> rows.snapshot().size() == 4);
            assertThat(refusals.counts()).isEmpty();
        }
    }

    private Derivation<Prefix, IpcacheEntry> start() {
        var self = new OwnAddresses.Self(
                new ClusterName("east"), new ClusterId(1), "here", Prefix.parse("100.64.64.0/18"));
        return OwnIpcacheDerivation.start(
                self, new OwnIpcacheDerivation.Inputs(nodes, endpoints, peers), refusals, rows);
    }

    private void declare(String podRange) {
        peers.put(
                WEST,
                new PeerDeclaration(
                        WEST,
                        new ClusterId(2),
                        MeshNumbering.of(255),
                        List.of(Prefix.parse(podRange)),
                        List.of(Prefix.parse("172.30.0.0/16")),
                        List.of(Prefix.parse("100.64.128.0/18")),
                        PeerQuotas.DEFAULT));
    }

    private Map<String, Integer> identities() {
        return rows.snapshot().stream()
                .collect(Collectors.toMap(
                        row -> row.getKey().toString(), row -> row.getValue().identity()));
    }

    private void initialize() {
        nodes.markInitialized();
        peers.markInitialized();
        endpoints.markInitialized();
    }

    private void node(String name, String address, String tunnel) {
        Map<String, String> annotations =
                tunnel.isEmpty() ? Map.of() : Map.of(MeshNode.TUNNEL_ADDRESS_ANNOTATION, tunnel);
        var addresses = List.of(IpAddress.parse(address));
        nodes.put(
                name,
                new KubeNode(name, "", Map.of(), annotations, List.of(), addresses, List.of(), true, "boot", false));
    }

    private void pod(String address, long identity) {
        var prefix = Prefix.host(IpAddress.parse(address));
        endpoints.put(
                prefix,
                new MeshEndpoint(
                        prefix,
                        Optional.of(IpAddress.parse("172.30.1.12")),
                        new SecurityIdentity(identity),
                        255,
                        MeshEndpoint.Pod.NONE,
                        List.of()));
    }
}
