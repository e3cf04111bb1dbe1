package dev.tombolo.kvstore.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The goldens are the examples of the protocol's description, with nothing changed but what we leave out or fix. */
class CodecTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NODE_KEY = "cilium/state/nodes/v1/cluster3/node1";
    private static final String NODE = """
            {"Name":"node1","Cluster":"cluster3","IPAddresses":[{"Type":"InternalIP","IP":"192.0.2.1"},{"Type":"ExternalIP","IP":"198.51.100.1"},{"Type":"CiliumInternalIP","IP":"10.240.0.17"}],"IPv4AllocCIDR":{"IP":"10.240.0.0","Mask":"////AA=="},"IPv4SecondaryAllocCIDRs":null,"IPv6AllocCIDR":{"IP":"fd00:10:3::","Mask":"//////////8AAAAAAAAAAA=="},"IPv6SecondaryAllocCIDRs":null,"IPv4HealthIP":"","IPv6HealthIP":"","IPv4IngressIP":"","IPv6IngressIP":"","ClusterID":3,"Source":"custom-resource","EncryptionKey":0,"Labels":{"topology.kubernetes.io/zone":"z1"},"Annotations":null,"WireguardPubKey":"","BootID":"b1"}""";
    private static final String IP_PREFIX = "cilium/state/ip/v1/default/";
    private static final String ENDPOINT = """
            {"IP":"10.240.0.200","HostIP":"192.0.2.3","ID":197313,"Key":255,"Metadata":"","K8sNamespace":"bar","K8sPodName":"baz-5c9","K8sPodUID":"u1","K8sServiceAccount":"default","NamedPorts":[{"Name":"http","Port":8080,"Protocol":"TCP"}]}""";
    private static final String SERVICE_KEY = "cilium/state/services/v1/cluster3/bar/web";
    private static final String SERVICE = """
            {"cluster":"cluster3","namespace":"bar","name":"web","frontends":{"10.96.0.7":{"http":{"Protocol":"TCP","Port":80}}},"backends":{"10.240.0.200":{"http":{"Protocol":"TCP","Port":8080}}},"hostnames":{"10.240.0.201":"web-0"},"zones":{"10.240.0.200":{"zone":"z1"}},"labels":{},"selector":{"app":"web"},"includeExternal":true,"shared":true,"clusterID":3}""";

    @Test
    void nodesAreWrittenAsTheyWereRead() throws Exception {
        var node = NodeCodec.decode(NODE_KEY, Value.of(NODE)).value().orElseThrow();
        assertThat(node.podRanges()).containsExactly(Prefix.parse("10.240.0.0/24"), Prefix.parse("fd00:10:3::/64"));
        assertThat(node.tunnelAddresses()).containsExactly(IpAddress.parse("10.240.0.17"));
        assertSameJson(NodeCodec.encode(node), NODE);
    }

    @Test
    void nodesTellForWhomTheyAnswer() throws Exception {
        String answering = NODE.replace(
                "\"Annotations\":null",
                "\"Annotations\":{\"service.tombolo.dev/answers-for\":\"east=192.0.2.0/28 east=198.51.100.7/32\"}");
        var node = NodeCodec.decode(NODE_KEY, Value.of(answering)).value().orElseThrow();
        assertThat(node.answers().of(new ClusterName("east")))
                .containsExactly(Prefix.parse("192.0.2.0/28"), Prefix.parse("198.51.100.7/32"));
        assertSameJson(NodeCodec.encode(node), answering);
    }

    @Test
    void endpointsAreWrittenAsTheyWereRead() throws Exception {
        var endpoint = EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", Value.of(ENDPOINT))
                .value()
                .orElseThrow();
        assertSameJson(EndpointCodec.encode(endpoint), ENDPOINT);
    }

    @Test
    void servicesAreWrittenAsTheyWereRead() throws Exception {
        var service =
                ServiceCodec.decode(SERVICE_KEY, Value.of(SERVICE)).value().orElseThrow();
        assertSameJson(ServiceCodec.encode(service), SERVICE);
    }

    @Test
    void identitiesAreWrittenAsTheyWereRead() {
        String labels = "k8s:app=baz;k8s:io.cilium.k8s.policy.cluster=cluster3;k8s:io.kubernetes.pod.namespace=bar;";
        var identity = IdentityCodec.decode("cilium/state/identities/v1/id/197313", Value.of(labels))
                .value()
                .orElseThrow();
        assertThat(identity.id().value()).isEqualTo(197_313);
        assertThat(IdentityCodec.encode(identity.labels())).isEqualTo(Value.of(labels));
    }

    @Test
    void clusterConfigsAreWrittenAsTheyAreRead() throws Exception {
        var config = new ClusterConfig(3, true, false, 255);
        var written = ClusterConfigCodec.encode(config);
        assertSameJson(
                written,
                "{\"id\":3,\"capabilities\":{\"syncedCanaries\":true,\"maxConnectedClusters\":255,\"serviceExportsEnabled\":false}}");
        assertThat(ClusterConfigCodec.decode("k", written).value()).contains(config);
        assertThat(ClusterConfigCodec.decode("k", Value.of("{\"id\":7}")).value())
                .contains(new ClusterConfig(7, false, false, 255));
    }

    @Test
    void votesAndOwnersAreWrittenAsTheyAreRead() throws Exception {
        var texts = Map.of(
                Answer.ANSWERS, "{\"answers\":true}",
                Answer.SILENT, "{\"answers\":false}",
                Answer.ASKED, "{\"answers\":false,\"ever\":false,\"long\":false}",
                Answer.NEVER, "{\"answers\":false,\"ever\":false,\"long\":true}");
        for (var answer : Answer.values()) {
            var vote = new GatewayVote("node1", "node2", answer);
            assertThat(GatewayVoteCodec.key(vote)).isEqualTo("tombolo/egress/v1/votes/node1/node2");
            assertSameJson(GatewayVoteCodec.encode(vote), texts.get(answer));
            assertThat(GatewayVoteCodec.decode(GatewayVoteCodec.key(vote), GatewayVoteCodec.encode(vote))
                            .value())
                    .contains(vote);
        }
        var far = new GatewayVote("node1@west", "node2", Answer.SILENT);
        assertThat(GatewayVoteCodec.decode(GatewayVoteCodec.key(far), GatewayVoteCodec.encode(far))
                        .value())
                .contains(far);
        var owner = new AddressOwner(
                IpAddress.parse("192.0.2.7"), "node1", 3, "billing#0", Instant.parse("2026-11-29T12:00:00Z"));
        assertThat(AddressOwnerCodec.key(owner)).isEqualTo("tombolo/egress/v1/owners/192.0.2.7");
        assertSameJson(
                AddressOwnerCodec.encode(owner),
                "{\"node\":\"node1\",\"epoch\":3,\"for\":\"billing#0\",\"since\":\"2026-11-29T12:00:00Z\"}");
        assertThat(AddressOwnerCodec.decode(AddressOwnerCodec.key(owner), AddressOwnerCodec.encode(owner))
                        .value())
                .contains(owner);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tombolo/egress/v1/votes/node1/node1 | {\"answers\":true}",
                "tombolo/egress/v1/votes/node1 | {\"answers\":true}",
                "tombolo/egress/v1/votes/node1@/node2 | {\"answers\":true}",
                "tombolo/egress/v1/votes/node1@West/node2 | {\"answers\":true}",
                "tombolo/egress/v1/votes/node1/node2/x | {\"answers\":true}",
                "tombolo/egress/v1/votes/node1/node2 | {}",
                "tombolo/egress/v1/votes/node1/node2 | {\"answers\":\"yes\"}",
                "tombolo/egress/v1/votes/node1/node2 | no"
            })
    void votesThatSayNothingAreRefused(String key, String value) {
        assertThat(GatewayVoteCodec.decode(key, Value.of(value)).refusal()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.300 | {\"node\":\"n\",\"epoch\":1,\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1/32 | {\"node\":\"n\",\"epoch\":1,\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1 | {\"node\":\"\",\"epoch\":1,\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1 | {\"node\":\"a/b\",\"epoch\":1,\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1 | {\"node\":\"n\",\"epoch\":0,\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1 | {\"node\":\"n\",\"since\":\"2026-11-29T12:00:00Z\"}",
                "192.0.2.1 | {\"node\":\"n\",\"epoch\":1,\"since\":\"yesterday\"}",
                "192.0.2.1 | []"
            })
    void ownersThatAreNoneAreRefused(String address, String value) {
        assertThat(AddressOwnerCodec.decode("tombolo/egress/v1/owners/" + address, Value.of(value))
                        .refusal())
                .isPresent();
    }

    @Test
    void fieldNamesAreReadInAnyCaseAndUnknownOnesIgnored() {
        String odd = ENDPOINT.replace("\"IP\"", "\"ip\"")
                .replace("\"ID\"", "\"iD\"")
                .replace("{\"ip\"", "{\"New\":[1],\"ip\"");
        assertThat(EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", Value.of(odd)))
                .isEqualTo(EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", Value.of(ENDPOINT)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    10.240.0.200 | {              | MALFORMED
                    10.240.0.200 | []             | MALFORMED
                    10.240.0.200 | 7              | MALFORMED
                    10.240.0.200 | {"IP":7}       | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.200","ID":4294967296} | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.200","ID":-1}         | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.200","HostIP":"x"}    | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.200","NamedPorts":[{"Port":70000}]} | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.200","Mask":"/wD/AA=="} | MALFORMED
                    10.240.0.200 | {"IP":"10.240.0.201"}                 | WRONG_KEY
                    """)
    void refusesMalformedEndpoints(String leaf, String json, Invalid.Reason reason) {
        assertThat(EndpointCodec.decode(IP_PREFIX, IP_PREFIX + leaf, Value.of(json))
                        .refusal()
                        .map(Invalid::reason))
                .contains(reason);
    }

    @Test
    void refusesAValueThatIsTooLarge() {
        var large = Value.of("{\"IP\":\"10.240.0.200\",\"Metadata\":\"" + "x".repeat(1_400_000) + "\"}");
        assertThat(EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", large)
                        .refusal()
                        .map(Invalid::reason))
                .contains(Invalid.Reason.TOO_LARGE);
    }

    @Test
    void refusesNestingWithoutEnd() {
        var deep = Value.of("{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000));
        assertThat(ServiceCodec.decode(SERVICE_KEY, deep).refusal()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "x", "-1", "4294967296", "01", ""})
    void refusesIdentitiesThatAreNotNumbers(String leaf) {
        assertThat(IdentityCodec.decode("cilium/state/identities/v1/id/" + leaf, Value.of("k8s:a=b;"))
                        .refusal())
                .isPresent();
    }

    @Property(tries = 300)
    void noBytesMakeADecoderThrow(@ForAll byte[] bytes, @ForAll @Size(max = 3) List<String> pieces) {
        for (Value value : List.of(Value.of(bytes), Value.of(NODE.replace(":", ":" + String.join(",", pieces))))) {
            NodeCodec.decode(NODE_KEY, value);
            ServiceCodec.decode(SERVICE_KEY, value);
            EndpointCodec.decode(IP_PREFIX, IP_PREFIX + "10.240.0.200", value);
            IdentityCodec.decode("cilium/state/identities/v1/id/7", value);
            ClusterConfigCodec.decode("cilium/cluster-config/west", value);
        }
    }

    @Test
    void keysAreThoseOfTheProtocol() {
        var west = new ClusterName("west");
        assertThat(MeshKeys.state(MeshKeys.Kind.IDENTITIES, west)).isEqualTo("cilium/state/identities/v1/id/");
        assertThat(MeshKeys.state(MeshKeys.Kind.IPS, west)).isEqualTo(IP_PREFIX);
        assertThat(MeshKeys.state(MeshKeys.Kind.NODES, west)).isEqualTo("cilium/state/nodes/v1/west/");
        assertThat(MeshKeys.cache(MeshKeys.Kind.IDENTITIES, west)).isEqualTo("cilium/cache/identities/v1/west/id/");
        assertThat(MeshKeys.cache(MeshKeys.Kind.IPS, west)).isEqualTo("cilium/cache/ip/v1/west/");
        assertThat(MeshKeys.stateCanary(MeshKeys.Kind.IDENTITIES, west))
                .isEqualTo("cilium/synced/west/cilium/state/identities/v1");
        assertThat(MeshKeys.cacheCanary(MeshKeys.Kind.IPS, west)).isEqualTo("cilium/synced/west/cilium/cache/ip/v1");
    }

    private static void assertSameJson(Value written, String expected) throws Exception {
        assertThat(JSON.readTree(written.text())).isEqualTo(JSON.readTree(expected));
    }
}
