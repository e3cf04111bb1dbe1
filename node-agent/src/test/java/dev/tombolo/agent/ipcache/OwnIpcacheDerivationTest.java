package dev.tombolo.agent.ipcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnIpcacheDerivationTest {
    private static final int WEB = 65_537;
    private final Table<String, KubeNode> nodes = new Table<>("nodes");
    private final Table<Prefix, MeshEndpoint> endpoints = new Table<>("endpoints");
    private final Table<Prefix, IpcacheEntry> rows = new Table<>("rows");

    @Test
    void podsHaveTheIdentityOfTheMeshAndNodesTheReservedOnes() {
        node("here", "172.30.1.11", "100.64.64.1");
        node("there", "172.30.1.12", "100.64.64.2");
        pod("10.1.1.5", WEB);
        // A pod on its node's network is that node.
        pod("172.30.1.12", WEB);
        initialize();
        try (var _ = OwnIpcacheDerivation.start(new ClusterId(1), "here", nodes, endpoints, rows)) {
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
        try (var _ = OwnIpcacheDerivation.start(new ClusterId(1), "here", nodes, endpoints, rows)) {
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
        try (var _ = OwnIpcacheDerivation.start(new ClusterId(1), "here", nodes, endpoints, rows)) {
            node("here", "172.30.1.11", "");
            await().until(() -> rows.snapshot().size() == 1);
            assertThat(rows.initialized()).isFalse();
            endpoints.markInitialized();
            await().until(rows::initialized);
        }
    }

    private Map<String, Integer> identities() {
        return rows.snapshot().stream()
                .collect(Collectors.toMap(
                        row -> row.getKey().toString(), row -> row.getValue().identity()));
    }

    private void initialize() {
        nodes.markInitialized();
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
