package dev.tombolo.cli.install;

import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Has nodes take back what they tell routers. Of a speaker that ends without a word a router keeps all, where graceful restart is
 * on, and goes on sending packets there.
 */
record RoutersFarewell(KubeApi api, Console console) {
    /** A node whose agent is gone takes nothing back. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    void take() throws IOException {
        var bgp = api.writes().bgp();
        if (!bgp.areOurs()) {
            return;
        }
        for (var config : bgp.clusterConfigs()) {
            bgp.removeClusterConfig(config.head().name());
            console.done("deleted CiliumBGPClusterConfig " + config.head().name());
        }
        new Patience(console, LONGEST)
                .await(this::missing)
                .ifPresent(left -> console.warn("stopped " + left
                        + "; a router with graceful restart goes on sending packets there until its time is over"));
    }

    private Optional<String> missing() throws IOException {
        String nodes = api.writes().bgp().nodeConfigs().stream()
                .filter(RoutersFarewell::hasSession)
                .map(node -> node.head().name())
                .sorted()
                .collect(Collectors.joining(", "));
        return nodes.isEmpty()
                ? Optional.empty()
                : Optional.of("waiting for nodes to take back what routers were told: " + nodes);
    }

    private static boolean hasSession(BgpNodeConfigObject node) {
        return node.status().bgpInstances().stream()
                .flatMap(instance -> instance.peers().stream())
                .anyMatch(peer -> peer.peeringState().equals("established"));
    }
}
