package dev.tombolo.lab.demo;

import dev.tombolo.lab.network.Router;

/** What is declared for routers, as for Cilium but for the entry of egress addresses. */
final class RoutersManifests {
    private static final String SESSIONS = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: demo}
            spec:
              bgpInstances:
                - name: main
                  localASN: %1$d
                  peers:
                    - {name: router, peerASN: %2$d, peerAddress: 172.30.%3$d.1, peerConfigRef: {name: router}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata:
              name: router
              annotations: {bgp.tombolo.dev/bfd: "on"}
            spec:
              gracefulRestart: {enabled: true, restartTimeSeconds: 60}
              families:
                - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {tell: router}}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata: {name: demo, labels: {tell: router}}
            spec:
              advertisements:
                - advertisementType: PodCIDR
                - advertisementType: Service
                  service: {addresses: [LoadBalancerIP]}
                  selector: {matchLabels: {tell: routers}}
                - advertisementType: EgressIP
                  selector: {matchLabels: {egress.tombolo.dev/pool: routed}}
            """;

    private static final String SERVICE = """
            apiVersion: cilium.io/v2
            kind: CiliumLoadBalancerIPPool
            metadata: {name: demo}
            spec:
              serviceSelector: {matchLabels: {tell: routers}}
              blocks: [{cidr: %s/32}]
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: front
              namespace: shop
              labels: {tell: routers}
              annotations: {service.cilium.io/global: "true"}
            spec:
              type: LoadBalancer
              selector: {app: echo}
              ports: [{name: http, port: 80, targetPort: 8080}]
            """;

    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: routed}
            spec:
              ranges: [{cidr: %s/32}]
            """;

    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: shop, annotations: {}}
            spec:
              selectors:
                - podSelector: {matchLabels: {app: client, io.kubernetes.pod.namespace: shop}}
              destinationCIDRs: [198.51.100.10/32]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: %s
            """;

    private RoutersManifests() {}

    static String sessions(int cluster) {
        return SESSIONS.formatted(Router.ASN + cluster, Router.ASN, cluster);
    }

    static String service(String address) {
        return SERVICE.formatted(address);
    }

    static String pool(String address) {
        return POOL.formatted(address);
    }

    static String policy(String address) {
        return POLICY.formatted(address);
    }
}
