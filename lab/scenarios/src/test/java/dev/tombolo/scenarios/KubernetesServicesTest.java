package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kubernetes' own tests of services by their names (test/e2e/network/service.go, loadbalancer.go and dns.go), of a cluster
 * where Tombolo is in kube-proxy's place and no kube-proxy is. They change no more than services and labels of a
 * namespace of their own.
 */
@ExtendWith(InMeshLab.class)
@Tag(InMeshLab.ONLY_LOOKS)
class KubernetesServicesTest extends KubernetesServicesScene {
    private static final String CLIENT = "198.51.100.10";
    private static final String BOTH = "here there";
    private static final String REFUSED = "refused";
    private static final String UDP = " --udp";

    @Test
    @DisplayName("should serve a basic endpoint from pods")
    void servesABasicEndpoint(MeshLab lab) {
        String service = at("endpoint-test2");
        fromPod("there", service).expect(REFUSED);
        kubectl(lab, "label", "pod", "here", "basic=yes");
        fromPod("there", service).expect("here");
        kubectl(lab, "label", "pod", "there", "basic=yes");
        fromPod("there", service).expect(BOTH);
        kubectl(lab, "label", "pod", "here", "basic-");
        fromPod("there", service).expect("there");
        kubectl(lab, "label", "pod", "there", "basic-");
        fromPod("there", service).expect(REFUSED);
    }

    @Test
    @DisplayName("should serve multiport endpoints from pods")
    void servesMultiportEndpoints(MeshLab lab) {
        String service = at("multi-endpoint-test");
        fromPod("there", service + ":80", service + ":81").expect("here", "other");
        kubectl(lab, "label", "pod", "here", "multi-");
        fromPod("there", service + ":80", service + ":81").expect(REFUSED, "other");
        kubectl(lab, "label", "pod", "here", "multi=yes");
        fromPod("there", service + ":80", service + ":81").expect("here", "other");
    }

    @Test
    @DisplayName("should be updated after adding or deleting ports")
    void isUpdatedAfterAddingOrDeletingPorts(MeshLab lab) {
        String address = clusterIp(lab, "edge-port-service");
        fromPod("here", address + ":80", address + ":81").expect(BOTH, NOBODY);
        patch(lab, "edge-port-service", "'ports': [%s, %s]".formatted(port("a", 80, "TCP"), port("b", 81, "TCP")));
        fromPod("here", address + ":80", address + ":81").expect(BOTH, BOTH);
        patch(lab, "edge-port-service", "'ports': [%s]".formatted(port("b", 81, "TCP")));
        fromPod("here", address + ":80", address + ":81").expect(NOBODY, BOTH);
    }

    @Test
    @DisplayName("should serve endpoints on same port and different protocols")
    void servesEndpointsOnSamePortAndDifferentProtocols(MeshLab lab) {
        String address = clusterIp(lab, "multiprotocol-test");
        fromPod("here", address, address + UDP).expect(BOTH, BOTH);
        patch(lab, "multiprotocol-test", "'ports': [%s]".formatted(port("udp", 80, "UDP")));
        fromPod("here", address, address + UDP).expect(NOBODY, BOTH);
        patch(lab, "multiprotocol-test", "'ports': [%s]".formatted(port("tcp", 80, "TCP")));
        fromPod("here", address, address + UDP).expect(BOTH, NOBODY);
    }

    @Test
    @DisplayName("should be able to up and down services")
    void goesUpAndDown(MeshLab lab) {
        expose(lab, "service1", "here");
        expose(lab, "service2", "there");
        String address = clusterIp(lab, "service1");
        fromPod("here", address, at("service2")).expect("here", "there");
        kubectl(lab, "delete", "service", "service1");
        fromPod("here", address, at("service2")).expect(NOBODY, "there");
        expose(lab, "service3", "here");
        fromPod("here", at("service2"), at("service3")).expect("there", "here");
    }

    @Test
    @DisplayName("should work after the service has been recreated")
    void worksAfterTheServiceHasBeenRecreated(MeshLab lab) {
        expose(lab, "recreated", "there");
        fromPod("here", at("recreated")).expect("there");
        kubectl(lab, "delete", "service", "recreated");
        fromPod("here", at("recreated")).expect(NOBODY);
        expose(lab, "recreated", "there");
        fromPod("here", at("recreated")).expect("there");
    }

    @Test
    @DisplayName("should be able to create a functioning NodePort service")
    void createsAFunctioningNodePortService() {
        fromPod("here", at("nodeport-test"), NODE1 + ":31001", NODE2 + ":31001").expect(BOTH, BOTH, BOTH);
        outside(NODE1 + ":31001", NODE2 + ":31001").expect(BOTH, BOTH);
    }

    @Test
    @DisplayName(
            "should be able to update service type to NodePort listening on same port number but different protocols")
    void becomesANodePortServiceOfTwoProtocols(MeshLab lab) {
        String port = "{'name': '%1$s', 'protocol': '%1$s', 'port': 80, 'targetPort': 8080, 'nodePort': 31011}";
        fromPod("here", at("nodeport-update-service"), NODE1 + ":31011").expect(BOTH, NOBODY);
        patch(
                lab,
                "nodeport-update-service",
                "'type': 'NodePort', 'ports': [%s, %s]".formatted(port.formatted("TCP"), port.formatted("UDP")));
        String[] addresses = {NODE1 + ":31011", NODE1 + ":31011" + UDP, NODE2 + ":31011", NODE2 + ":31011" + UDP};
        fromPod("here", addresses).expect(BOTH, BOTH, BOTH, BOTH);
        outside(addresses).expect(BOTH, BOTH, BOTH, BOTH);
    }

    @Test
    @DisplayName(
            "should be possible to connect to a service via ExternalIP when the external IP is not assigned to a node")
    void isReachedByAnExternalIpOfNoNode() {
        fromPod("here", at("externalip-test"), "203.0.113.250").expect(BOTH, BOTH);
        fromPod("there", "203.0.113.250").expect(BOTH);
    }

    @Test
    @DisplayName("should have session affinity work for service with type clusterIP [LinuxOnly]")
    void aPodKeepsItsBackend() {
        fromPod("here", at("affinity-clusterip")).expect(ONE);
        fromPod("there", at("affinity-clusterip")).expect(ONE);
        fromPod("other", at("affinity-clusterip")).expect(ONE);
    }

    @Test
    @DisplayName("should have session affinity work for NodePort service [LinuxOnly]")
    void aClientOfANodePortKeepsItsBackend() {
        fromPod("here", NODE1 + ":31002", NODE2 + ":31002").expect(ONE, ONE);
        outside(NODE1 + ":31002", NODE2 + ":31002").expect(ONE, ONE);
    }

    @Test
    @DisplayName("should be able to switch session affinity for service with type clusterIP [LinuxOnly]")
    void switchesSessionAffinity(MeshLab lab) {
        fromPod("here", at("affinity-clusterip-transition")).expect(BOTH);
        patch(lab, "affinity-clusterip-transition", "'sessionAffinity': 'ClientIP'");
        fromPod("here", at("affinity-clusterip-transition")).expect(ONE);
        patch(lab, "affinity-clusterip-transition", "'sessionAffinity': 'None'");
        fromPod("here", at("affinity-clusterip-transition")).expect(BOTH);
    }

    @Test
    @DisplayName("should be able to switch session affinity for NodePort service [LinuxOnly]")
    void switchesSessionAffinityOfANodePort(MeshLab lab) {
        outside(NODE1 + ":31003").expect(BOTH);
        patch(lab, "affinity-nodeport-transition", "'sessionAffinity': 'ClientIP'");
        outside(NODE1 + ":31003").expect(ONE);
        patch(lab, "affinity-nodeport-transition", "'sessionAffinity': 'None'");
        outside(NODE1 + ":31003").expect(BOTH);
    }

    @Test
    @DisplayName("should implement service.kubernetes.io/service-proxy-name")
    void leavesAServiceToAnotherProxy(MeshLab lab) {
        expectLeftAlone(lab, "service-proxy-toggled", "service.kubernetes.io/service-proxy-name");
    }

    @Test
    @DisplayName("should implement service.kubernetes.io/headless")
    void leavesAServiceToNoProxy(MeshLab lab) {
        expectLeftAlone(lab, "service-headless-toggled", "service.kubernetes.io/headless");
    }

    private static void expectLeftAlone(MeshLab lab, String service, String label) {
        fromPod("here", at(service)).expect(BOTH);
        kubectl(lab, "label", "service", service, label + "=somebody");
        fromPod("here", at(service)).expect(NOBODY);
        kubectl(lab, "label", "service", service, label + "-");
        fromPod("here", at(service)).expect(BOTH);
    }

    @Test
    @DisplayName("should provide DNS for services")
    void givesTheAddressesOfPodsForAHeadlessService() {
        String names =
                callers.inPod("other", "getent ahostsv4 dns-test-service.services.svc.cluster.local; hostname -I");
        assertThat(names.lines().filter(line -> line.contains("STREAM"))).hasSize(2);
        fromPod("other", at("dns-test-service") + ":8080").expect(ONE);
    }

    @Test
    @DisplayName("should be rejected when no endpoints exist")
    void isRejectedWhenNoEndpointsExist() {
        fromPod("here", at("no-pods")).expect(REFUSED);
    }

    @Test
    @DisplayName("should be rejected for evicted pods (no endpoints exist)")
    void isRejectedForEvictedPods() {
        fromPod("here", at("evicted-pods")).expect(REFUSED);
    }

    @Test
    @DisplayName("should preserve source pod IP for traffic thru service cluster IP")
    void preservesTheSourcePodIp(MeshLab lab) {
        for (String pod : List.of("here", "other")) {
            fromPod(pod, at("sourceip-test") + ":8080").expect("there").expectSource(podIp(lab, pod));
        }
    }

    @Test
    @DisplayName("should allow pods to hairpin back to themselves through services")
    void letsPodsHairpinBackToThemselves() {
        fromPod("here", at("hairpin-test") + ":8080").expect("here");
    }

    @Test
    @DisplayName("should respect internalTrafficPolicy=Local Pod to Pod")
    void respectsTheInternalPolicy() {
        fromPod("here", at("svc-itp")).expect("here");
        fromPod("there", at("svc-itp")).expect(NOBODY);
    }

    @Test
    @DisplayName("should respect internalTrafficPolicy=Local Pod (hostNetwork: true) to Pod")
    void respectsTheInternalPolicyOnANode(MeshLab lab) {
        String address = clusterIp(lab, "svc-itp");
        calls(() -> callers.fromNode("node1", address)).expect("here");
        calls(() -> callers.fromNode("node2", address)).expect(NOBODY);
    }

    @Test
    @DisplayName("should support externalTrafficPolicy=Local for type=NodePort")
    void keepsTheClientOfALocalNodePort() {
        outside(NODE1 + ":31006", NODE2 + ":31006").expect(NOBODY, "there").expectSource(CLIENT);
    }

    @Test
    @DisplayName("should only target nodes with endpoints")
    void onlyNodesWithEndpointsAreHealthy(MeshLab lab) {
        kubectl(lab, "label", "pod", "there", "external=yes");
        expectHealth("503", "200");
        outside("192.0.2.112").expect("there").expectSource(CLIENT);
        kubectl(lab, "label", "pod", "there", "external-");
        kubectl(lab, "label", "pod", "here", "external=yes");
        expectHealth("200", "503");
        outside(NODE1 + ":31007", NODE2 + ":31007", "192.0.2.112").expect("here", NOBODY, NOBODY);
    }

    private static void expectHealth(String... codes) {
        MeshLab.await(
                "health of both nodes",
                () -> callers.codesOutside(NODE1 + ":31907", NODE2 + ":31907"),
                List.of(codes)::equals);
    }

    @Test
    @DisplayName("should work from pods")
    void worksFromPods(MeshLab lab) {
        fromPod("here", "192.0.2.113").expect("there").expectSource(podIp(lab, "here"));
    }

    @Test
    @DisplayName("should create endpoints for unready pods")
    void createsEndpointsForUnreadyPods(MeshLab lab) {
        fromPod("here", at("tolerate-unready")).expect("unready");
        patch(lab, "tolerate-unready", "'publishNotReadyAddresses': false");
        fromPod("here", at("tolerate-unready")).expect(REFUSED);
    }

    @Test
    @DisplayName("should be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is true")
    void connectsToPublishedEndpoints() {
        fromPod("here", at("lapsed-published"), NODE1 + ":31004", NODE2 + ":31004")
                .expect("lapsed", "lapsed", "lapsed");
    }

    @Test
    @DisplayName(
            "should not be able to connect to terminating and unready endpoints if PublishNotReadyAddresses is false")
    void doesNotConnectToEndpointsThatAreNotPublished() {
        fromPod("here", at("lapsed-kept"), NODE1 + ":31005", NODE2 + ":31005").expect(REFUSED, REFUSED, REFUSED);
    }

    @Test
    @DisplayName(
            "should fallback to terminating endpoints when there are no ready endpoints with internalTrafficPolicy=Cluster")
    void fallsBackToTerminatingEndpoints() {
        fromPod("here", at("terminating")).expect("leaving");
        fromPod("there", at("terminating")).expect("leaving");
    }

    @Test
    @DisplayName(
            "should fallback to local terminating endpoints when there are no ready endpoints with internalTrafficPolicy=Local")
    void fallsBackToLocalTerminatingEndpoints() {
        fromPod("there", at("terminating-local")).expect("leaving");
        fromPod("here", at("terminating-local")).expect(NOBODY);
    }

    @Test
    @DisplayName(
            "should fallback to terminating endpoints when there are no ready endpoints with externallTrafficPolicy=Cluster")
    void nodePortsFallBackToTerminatingEndpoints() {
        fromPod("here", NODE2 + ":31009").expect("leaving");
        fromPod("there", NODE2 + ":31009").expect("leaving");
        outside(NODE1 + ":31009", NODE2 + ":31009").expect("leaving", "leaving");
    }

    @Test
    @DisplayName(
            "should fallback to local terminating endpoints when there are no ready endpoints with externalTrafficPolicy=Local")
    void nodePortsFallBackToLocalTerminatingEndpoints() {
        fromPod("there", NODE1 + ":31010", NODE2 + ":31010").expect(NOBODY, "leaving");
        fromPod("here", NODE2 + ":31010").expect("leaving");
        outside(NODE1 + ":31010", NODE2 + ":31010").expect(NOBODY, "leaving");
    }

    @Test
    @DisplayName("should fail health check node port if there are only terminating endpoints")
    void failsHealthChecksOfTerminatingEndpoints() {
        MeshLab.await(
                "the node of a ready endpoint alone to be healthy",
                () -> callers.codesOutside(NODE2 + ":31908", NODE2 + ":31910"),
                List.of("200", "503")::equals);
        outside("192.0.2.114").expect("leaving");
    }
}
