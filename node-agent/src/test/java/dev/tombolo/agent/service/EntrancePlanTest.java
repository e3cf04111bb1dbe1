package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.ServedServices;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntrancePlanTest {
    private static final List<IpAddress> NODE = addresses("192.0.2.11", "2001:db8::11");

    @Test
    void aClusterAddressIsForTheClusterOnly() {
        assertThat(entrances(KubeService.Type.CLUSTER_IP, 0, OutsideAccess.NONE))
                .containsExactly("10.96.0.7:80/TCP CLUSTER");
    }

    @Test
    void aPortOfNodesIsServedAtThisNodesAddresses() {
        assertThat(entrances(KubeService.Type.NODE_PORT, 30_080, OutsideAccess.NONE))
                .containsExactly("10.96.0.7:80/TCP CLUSTER", "192.0.2.11:30080/TCP NODE_PORT");
    }

    @Test
    void aLoadBalancersAddressIsServedAtThePortOfTheService() {
        assertThat(entrances(KubeService.Type.LOAD_BALANCER, 30_080, OutsideAccess.NONE))
                .containsExactly(
                        "10.96.0.7:80/TCP CLUSTER", "203.0.113.7:80/TCP OUTSIDE", "192.0.2.11:30080/TCP NODE_PORT");
    }

    @Test
    void anAddressThatWasGivenIsNoLongerServedWhenTheTypeChanges() {
        assertThat(entrances(KubeService.Type.CLUSTER_IP, 0, OutsideAccess.NONE))
                .noneMatch(entrance -> entrance.contains("203.0.113.7"));
    }

    @Test
    void externalAddressesAreServedWhateverTheType() {
        var outside = new OutsideAccess(addresses("198.51.100.7", "2001:db8::7"), false, Optional.empty());
        assertThat(entrances(KubeService.Type.CLUSTER_IP, 0, outside))
                .containsExactly("10.96.0.7:80/TCP CLUSTER", "198.51.100.7:80/TCP OUTSIDE");
    }

    @Test
    void aServiceOfBothFamiliesIsServedInBoth() {
        var outside = new OutsideAccess(addresses("198.51.100.7", "2001:db8::7"), false, Optional.empty());
        assertThat(plan(KubeService.Type.NODE_PORT, 30_080, outside, 0, "10.96.0.7", "fd00:96::7"))
                .extracting(entrance -> entrance.frontend().toString())
                .containsExactly(
                        "10.96.0.7:80/TCP",
                        "[fd00:96::7]:80/TCP",
                        "198.51.100.7:80/TCP",
                        "[2001:db8::7]:80/TCP",
                        "192.0.2.11:30080/TCP",
                        "[2001:db8::11]:30080/TCP");
    }

    @Test
    void theLocalPolicyIsOfAllAddressesForClientsOutside() {
        var outside = new OutsideAccess(addresses("198.51.100.7"), true, Optional.empty());
        assertThat(entrances(KubeService.Type.NODE_PORT, 30_080, outside))
                .containsExactly(
                        "10.96.0.7:80/TCP CLUSTER",
                        "198.51.100.7:80/TCP OUTSIDE_LOCAL",
                        "198.51.100.7:80/TCP inside CLUSTER",
                        "192.0.2.11:30080/TCP NODE_PORT_LOCAL",
                        "192.0.2.11:30080/TCP inside CLUSTER");
    }

    /** What address a socket will have is not known when it connects. */
    @Test
    void whereClientsHaveToBeOfCertainRangesNobodyIsServedUnseen() {
        var ranges = List.of(Prefix.parse("203.0.113.0/24"));
        var outside = new OutsideAccess(List.of(), true, Optional.of(ranges));
        assertThat(entrances(KubeService.Type.LOAD_BALANCER, 0, outside))
                .containsExactly("10.96.0.7:80/TCP CLUSTER", "203.0.113.7:80/TCP OUTSIDE_LOCAL");
    }

    @Test
    void aLoadBalancersAddressMayBeForSomeClientsOnly() {
        var ranges = List.of(Prefix.parse("203.0.113.0/24"));
        var outside = new OutsideAccess(addresses("198.51.100.7"), false, Optional.of(ranges));
        var clients = plan(KubeService.Type.LOAD_BALANCER, 30_080, outside).stream()
                .collect(Collectors.toMap(
                        entrance -> entrance.frontend().toString(),
                        entrance -> entrance.clients().ranges()));
        assertThat(clients)
                .isEqualTo(Map.of(
                        "10.96.0.7:80/TCP", Optional.empty(),
                        "203.0.113.7:80/TCP", Optional.of(Set.copyOf(ranges)),
                        "198.51.100.7:80/TCP", Optional.empty(),
                        "192.0.2.11:30080/TCP", Optional.empty()));
    }

    @Test
    void aPortByAnotherProtocolLeavesTheOthersAlone() {
        var service = new KubeService(
                new ObjectKey("shop", "web"),
                "",
                Map.of(),
                Map.of(),
                KubeService.Type.NODE_PORT,
                addresses("10.96.0.7"),
                List.of(),
                List.of(
                        new KubeService.Port("sip", Protocol.SCTP, 5060, "", 30_060),
                        new KubeService.Port("http", Protocol.TCP, 80, "8080", 0)),
                Map.of(),
                false,
                false,
                0,
                LoadBalancing.NONE);
        assertThat(EntrancePlan.entrances(service, ServedServices.GLOBAL, ForwardingMode.SNAT, NODE))
                .extracting(entrance -> entrance.frontend().toString())
                .containsExactly("10.96.0.7:80/TCP");
    }

    /** Whichever backends clients outside get: who is on the node is inside. */
    @Test
    void inPlaceOfKubeProxyAPortOfNodesIsOnTheirLoopbackToo() {
        var outside = new OutsideAccess(List.of(), true, Optional.empty());
        assertThat(plan(
                        KubeService.Type.NODE_PORT,
                        30_080,
                        outside,
                        0,
                        ServedServices.ALL,
                        ForwardingMode.SNAT,
                        "10.96.0.7"))
                .extracting(entrance -> entrance.frontend().toString())
                .containsExactly(
                        "10.96.0.7:80/TCP",
                        "192.0.2.11:30080/TCP",
                        "192.0.2.11:30080/TCP inside",
                        "127.0.0.1:30080/TCP host");
        assertThat(plan(
                        KubeService.Type.CLUSTER_IP,
                        0,
                        outside,
                        0,
                        ServedServices.ALL,
                        ForwardingMode.SNAT,
                        "10.96.0.7"))
                .hasSize(1);
    }

    private static List<String> entrances(KubeService.Type type, int nodePort, OutsideAccess outside) {
        return plan(type, nodePort, outside).stream()
                .map(entrance -> entrance.frontend() + " " + entrance.clients().reach())
                .toList();
    }

    @Test
    void allConnectionsOfAClientStayTogetherWhereTheServiceSaysSo() {
        assertThat(plan(KubeService.Type.LOAD_BALANCER, 30_080, OutsideAccess.NONE, 60, "10.96.0.7"))
                .hasSize(3)
                .allMatch(entrance -> entrance.clients().together());
        assertThat(plan(KubeService.Type.LOAD_BALANCER, 30_080, OutsideAccess.NONE))
                .hasSize(3)
                .noneMatch(entrance -> entrance.clients().together());
    }

    @ParameterizedTest
    @CsvSource({
        "SNAT,   ''",
        "DSR,    '203.0.113.7:80/TCP 198.51.100.7:80/TCP'",
        "HYBRID, '203.0.113.7:80/TCP 198.51.100.7:80/TCP'",
    })
    void whatKeepsItsAddressIsAnsweredByTheBackendsNode(ForwardingMode mode, String direct) {
        var outside = new OutsideAccess(addresses("198.51.100.7"), false, Optional.empty());
        assertThat(
                        plan(
                                        KubeService.Type.LOAD_BALANCER,
                                        30_080,
                                        outside,
                                        0,
                                        ServedServices.GLOBAL,
                                        mode,
                                        "10.96.0.7")
                                .stream()
                                .filter(entrance -> entrance.clients().direct())
                                .map(entrance -> entrance.frontend().toString())
                                .collect(Collectors.joining(" ")))
                .isEqualTo(direct);
    }

    @Test
    void whereOnlyBackendsOfTheNodeServeNothingIsHandedOn() {
        var outside = new OutsideAccess(addresses("198.51.100.7"), true, Optional.empty());
        assertThat(plan(
                        KubeService.Type.LOAD_BALANCER,
                        30_080,
                        outside,
                        0,
                        ServedServices.GLOBAL,
                        ForwardingMode.DSR,
                        "10.96.0.7"))
                .noneMatch(entrance -> entrance.clients().direct());
    }

    private static List<Entrance> plan(KubeService.Type type, int nodePort, OutsideAccess outside) {
        return plan(type, nodePort, outside, 0, "10.96.0.7");
    }

    private static List<Entrance> plan(
            KubeService.Type type,
            int nodePort,
            OutsideAccess outside,
            int sessionAffinitySeconds,
            String... clusterAddresses) {
        return plan(
                type,
                nodePort,
                outside,
                sessionAffinitySeconds,
                ServedServices.GLOBAL,
                ForwardingMode.SNAT,
                clusterAddresses);
    }

    private static List<Entrance> plan(
            KubeService.Type type,
            int nodePort,
            OutsideAccess outside,
            int sessionAffinitySeconds,
            ServedServices served,
            ForwardingMode forwarding,
            String... clusterAddresses) {
        var service = new KubeService(
                new ObjectKey("shop", "web"),
                "",
                Map.of(),
                Map.of(),
                type,
                addresses(clusterAddresses),
                addresses("203.0.113.7"),
                List.of(new KubeService.Port("http", Protocol.TCP, 80, "8080", nodePort)),
                Map.of(),
                false,
                false,
                sessionAffinitySeconds,
                LoadBalancing.NONE,
                outside,
                false);
        return EntrancePlan.entrances(service, served, forwarding, NODE);
    }

    private static List<IpAddress> addresses(String... texts) {
        return List.of(texts).stream().map(IpAddress::parse).toList();
    }
}
