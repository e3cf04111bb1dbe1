package dev.tombolo.scenarios;

import dev.tombolo.lab.programs.LoadResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The lab's router, BIRD, peers with every node of both clusters. A service of both has the external address 192.0.2.144; its
 * backends are on the second nodes. Nobody has told the router of it but they. Nodes of cluster1 are watched by BFD.
 */
final class RouterScene {
    static final String SERVICE = "192.0.2.144";
    static final Set<String> ALL_NODES = Set.of("172.30.1.11", "172.30.1.12", "172.30.2.11", "172.30.2.12");
    private static final Pattern NEXT_HOP = Pattern.compile("via (172\\.30\\.\\d+\\.\\d+)");
    private static final String EVERY_50_MS = "for look in $(seq 300); do"
            + " ip route show %s | grep -o '172[.]30[.0-9]*' | sort | xargs; sleep 0.05; done";

    private static final String SERVICES = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: lighthouse}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: lamp, namespace: lighthouse}
            spec:
              replicas: 1
              selector: {matchLabels: {app: lamp}}
              template:
                metadata: {labels: {app: lamp}}
                spec:
                  nodeName: node2
                  containers:
                    - name: echo
                      image: tombolo/lab-echo
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: lamp
              namespace: lighthouse
              labels: {tell: routers}
              annotations: {service.cilium.io/global: "true"}
            spec:
              selector: {app: lamp}
              externalIPs: [192.0.2.144]
              ports: [{name: http, port: 80, targetPort: 8080}]
            """;
    private static final String BGP = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: harbour}
            spec:
              bgpInstances:
                - name: main
                  localASN: %1$d
                  peers:
                    - {name: router, peerASN: 64512, peerAddress: %2$s, peerConfigRef: {name: router}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: router, annotations: {bgp.tombolo.dev/bfd: "%3$s"}}
            spec:
              timers: {holdTimeSeconds: 90, keepAliveTimeSeconds: 30}
              gracefulRestart: {enabled: true, restartTimeSeconds: 60}
              families:
                - {afi: ipv4, safi: unicast, advertisements: {matchLabels: {tell: router}}}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumBGPAdvertisement
            metadata: {name: all, labels: {tell: router}}
            spec:
              advertisements:
                - advertisementType: PodCIDR
                - advertisementType: Service
                  service: {addresses: [ExternalIP]}
                  selector: {matchLabels: {tell: routers}}
                - advertisementType: EgressIP
                  selector: {matchLabels: {tell: routers}}
            """;

    private RouterScene() {}

    static void apply(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        for (int cluster : MeshLab.CLUSTERS) {
            objects.apply(cluster, SERVICES);
            declare(lab, cluster);
            lab.programs.kubectl(
                    cluster,
                    "-n",
                    "lighthouse",
                    "wait",
                    "--for=condition=Available",
                    "deployment/lamp",
                    "--timeout=60s");
        }
        awaitNextHops(lab, ALL_NODES);
    }

    /** What all clusters say of the router. */
    static void declare(MeshLab lab, int cluster) throws IOException {
        new AppliedObjects(lab)
                .apply(
                        cluster,
                        BGP.formatted(64_512 + cluster, "172.30." + cluster + ".1", cluster == 1 ? "on" : "off"));
    }

    static void remove(MeshLab lab) {
        MeshLab.CLUSTERS.forEach(cluster -> {
            lab.programs.kubectl(
                    cluster,
                    "delete",
                    "ciliumbgpclusterconfigs/harbour",
                    "ciliumbgppeerconfigs/router",
                    "ciliumbgpadvertisements/all");
            lab.programs.kubectl(cluster, "delete", "namespace", "lighthouse", "--timeout=60s");
        });
        MeshLab.await("the router to forget", () -> nextHops(lab, SERVICE).isEmpty());
    }

    static void awaitNextHops(MeshLab lab, Set<String> nodes) {
        awaitNextHops(lab, nodes, MeshLab.PATIENCE);
    }

    static void awaitNextHops(MeshLab lab, Set<String> nodes, Duration patience) {
        MeshLab.await("the router to have the ways " + nodes, patience, () -> nextHops(lab, SERVICE), nodes::equals);
    }

    static void awaitNextHops(MeshLab lab, String destination, Set<String> nodes) {
        MeshLab.await(
                "the router to have the ways " + nodes + " to " + destination,
                () -> nextHops(lab, destination),
                nodes::equals);
    }

    /** As the router's kernel has them. */
    static Set<String> nextHops(MeshLab lab, String destination) {
        return nextHops(lab, "internet", destination);
    }

    /** The same of another network of the lab. */
    static Set<String> nextHops(MeshLab lab, String network, String destination) {
        return NEXT_HOP.matcher(lab.in(network, "ip route show " + destination))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Looks every 50 ms, for 15 s and longer: each time a line with the next hops, in order. */
    static String watch(MeshLab lab, String network, String destination) {
        return lab.in(network, EVERY_50_MS.formatted(destination));
    }

    static LoadResult ask(MeshLab lab) {
        return load(lab, "--requests 60 --concurrency 2 --timeout-ms 1000");
    }

    static LoadResult load(MeshLab lab, String options) {
        return OutsideClient.load(lab, SERVICE, options);
    }
}
