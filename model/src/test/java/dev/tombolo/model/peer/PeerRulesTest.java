package dev.tombolo.model.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerRulesTest {
    private static final PeerRules RULES = new PeerRules(
            new PeerDeclaration(
                    new ClusterName("west"),
                    new ClusterId(2),
                    MeshNumbering.CLUSTERS_255,
                    List.of(Prefix.parse("10.2.0.0/16")),
                    List.of(Prefix.parse("192.0.2.0/28")),
                    List.of(Prefix.parse("100.64.128.0/18")),
                    PeerQuotas.DEFAULT),
            List.of(Prefix.parse("10.1.0.0/16"), Prefix.parse("10.2.99.0/24"), Prefix.parse("10.96.0.0/16")));

    @ParameterizedTest
    @CsvSource({
        "10.2.0.7, 131073, believed",
        "10.2.0.7, 1, believed",
        "192.0.2.3, 6, believed",
        "10.2.0.7, 65537, ID_OUT_OF_RANGE",
        "10.1.0.7, 131073, ADDRESS_IS_OURS",
        "10.2.99.7, 131073, ADDRESS_IS_OURS",
        "10.96.0.10, 131073, ADDRESS_IS_OURS",
        "8.8.8.8, 131073, ADDRESS_NOT_DECLARED",
        "10.0.0.0/8, 131073, ADDRESS_IS_OURS",
        "10.2.0.0/15, 131073, ADDRESS_IS_OURS",
        "0.0.0.0/0, 131073, ADDRESS_FORBIDDEN",
        "127.0.0.1, 131073, ADDRESS_FORBIDDEN",
        "169.254.169.254, 131073, ADDRESS_FORBIDDEN",
        "224.0.0.1, 131073, ADDRESS_FORBIDDEN",
    })
    void believesOnlyDeclaredAddressesAndIdentities(String prefix, long identity, String verdict) {
        var endpoint = new MeshEndpoint(
                Prefix.parse(prefix),
                Optional.of(IpAddress.parse("192.0.2.1")),
                new SecurityIdentity(identity),
                255,
                MeshEndpoint.Pod.NONE,
                List.of());
        assertThat(verdict(RULES.check(endpoint))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "west, 2, 192.0.2.1, 100.64.128.1, 10.2.3.0/24, believed",
        "east, 2, 192.0.2.1, 100.64.128.1, 10.2.3.0/24, WRONG_CLUSTER",
        "west, 1, 192.0.2.1, 100.64.128.1, 10.2.3.0/24, ID_OUT_OF_RANGE",
        "west, 2, 198.51.100.1, 100.64.128.1, 10.2.3.0/24, ADDRESS_NOT_DECLARED",
        "west, 2, 192.0.2.1, 100.64.64.1, 10.2.3.0/24, ADDRESS_NOT_DECLARED",
        "west, 2, 192.0.2.1, 100.64.128.1, 10.1.3.0/24, ADDRESS_IS_OURS",
    })
    void believesOnlyNodesOfTheDeclaredCluster(
            String cluster, int id, String internal, String tunnel, String pods, String verdict) {
        var node = new MeshNode(
                new NodeId(new ClusterName(cluster), "n1"),
                new ClusterId(id),
                List.of(IpAddress.parse(internal)),
                List.of(),
                List.of(IpAddress.parse(tunnel)),
                List.of(Prefix.parse(pods)),
                Optional.empty(),
                MeshNode.DEFAULT_WIREGUARD_PORT,
                Map.of(),
                "");
        assertThat(verdict(RULES.check(node))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "10.2.0.7, believed",
        "100.64.128.1, believed",
        "8.8.8.8, ADDRESS_NOT_DECLARED",
        "10.1.0.7, ADDRESS_IS_OURS"
    })
    void believesOnlyBackendsThatThePeerMayHave(String backend, String verdict) {
        var ports = Map.of("http", new ServicePort(Protocol.TCP, 80));
        var service = new MeshService(
                new ClusterName("west"),
                new ClusterId(2),
                new ServiceName("shop", "web"),
                Map.of(),
                Map.of(IpAddress.parse(backend), ports),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());
        assertThat(verdict(RULES.check(service))).isEqualTo(verdict);
    }

    @Test
    void anIdentityMustBeInRangeAndNameThePeer() {
        var west = IdentityLabels.tryParse("k8s:app=web;" + IdentityLabels.CLUSTER + "=west;")
                .orElseThrow();
        var east = IdentityLabels.tryParse("k8s:app=web;" + IdentityLabels.CLUSTER + "=east;")
                .orElseThrow();
        assertThat(RULES.check(new SecurityIdentity(131_073), west)).isEmpty();
        assertThat(verdict(RULES.check(new SecurityIdentity(131_073), east))).isEqualTo("WRONG_CLUSTER");
        assertThat(verdict(RULES.check(new SecurityIdentity(65_536), west))).isEqualTo("ID_OUT_OF_RANGE");
    }

    private static String verdict(Optional<Invalid> refusal) {
        return refusal.map(invalid -> invalid.reason().name()).orElse("believed");
    }
}
