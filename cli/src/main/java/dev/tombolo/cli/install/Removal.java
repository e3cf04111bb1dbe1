package dev.tombolo.cli.install;

import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.deploy.InstallOptions;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.service.AnsweredServices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes what was installed off a cluster. Every step may be repeated; what is gone already is fine. */
public final class Removal {
    private static final Set<String> NODE_ANNOTATIONS = Set.of(
            MeshNode.PUBLIC_KEY_ANNOTATION,
            MeshNode.PORT_ANNOTATION,
            MeshNode.TUNNEL_ADDRESS_ANNOTATION,
            NarrowWays.ANNOTATION,
            AnsweredServices.ANNOTATION);
    private final KubeApi api;
    private final Console console;
    private final Installation installation;
    private final CiliumKinds ciliumKinds;

    public Removal(KubeApi api, Console console) {
        this.api = api;
        this.console = console;
        this.installation = new Installation(api, console);
        this.ciliumKinds = new CiliumKinds(api);
    }

    /** Takes the mesh API server away and leaves the agents. */
    public void removeMesh() throws IOException {
        var mesh = Manifests.mesh(installation.options(), Manifests.ServiceType.NodePort);
        for (String removed : api.writes().manifests().delete(mesh)) {
            console.done("deleted " + removed);
        }
        for (String secret : List.of("server", "admin", "local")) {
            api.writes()
                    .secrets()
                    .delete(new ObjectKey(Manifests.NAMESPACE, Manifests.APISERVER + "-" + secret + "-cert"));
        }
    }

    /** Takes everything away, from the nodes first; returns whether there was anything. */
    public boolean removeAll(Duration longest) throws IOException {
        var settings = installation.settings();
        // An install that was interrupted may have left no settings; then any do, because only names matter.
        var options = Installation.accepted(
                settings.filter(kept -> !kept.isEmpty()).orElse(Map.of("cluster.name", "unknown", "cluster.id", "1")),
                List.of());
        if (present(options).isEmpty()) {
            return false;
        }
        new RoutersFarewell(api, console).take();
        removePeers(options);
        ciliumKinds.deletePolicies(console);
        if (settings.isPresent()) {
            cleanNodes(options, new Patience(console, longest));
        }
        var manifests = api.writes().manifests();
        manifests.delete(Manifests.mesh(options, Manifests.ServiceType.NodePort));
        if (manifests.offers(Installation.POLICY_API, Installation.POLICY_KIND)) {
            manifests.delete(Manifests.ownNodePolicy());
        }
        clearNodeAnnotations();
        manifests.delete(Manifests.agent(options));
        manifests.delete(Manifests.customResourceDefinitions());
        ciliumKinds.deletePools(console);
        ciliumKinds.delete();
        Installation.required(new Patience(console, longest)
                .await(() -> present(options).stream().findFirst().map(left -> "waiting for " + left + " to go")));
        console.done("deleted everything of Tombolo's, kinds included");
        return true;
    }

    private void cleanNodes(InstallOptions options, Patience patience) throws IOException {
        var manifests = api.writes().manifests();
        manifests.delete(daemonSets(Manifests.agent(options)));
        awaitNone(Manifests.AGENT, "agents", patience);
        awaitNone(Manifests.TUNNEL, "tunnels", patience);
        awaitNone(Manifests.BGP, "speakers of BGP", patience);
        manifests.apply(Manifests.cleanup(options));
        Installation.required(patience.await(() -> installation.missing(
                "DaemonSet " + Manifests.CLEANUP,
                Manifests.CLEANUP,
                api.writes().workloads().daemonSet(new ObjectKey(Manifests.NAMESPACE, Manifests.CLEANUP)))));
        console.done("cleaned every node");
        manifests.delete(Manifests.cleanup(options));
        awaitNone(Manifests.CLEANUP, "clean-ups", patience);
    }

    private void awaitNone(String app, String noun, Patience patience) throws IOException {
        Installation.required(patience.await(() -> {
            int pods = api.writes().workloads().pods(Manifests.NAMESPACE, app);
            return pods == 0 ? Optional.empty() : Optional.of("waiting for " + pods + " " + noun + " to stop");
        }));
    }

    private void removePeers(InstallOptions options) throws IOException {
        if (!api.writes().manifests().established("meshpeers.tombolo.dev")) {
            return;
        }
        for (var peer : api.writes().mesh().peers()) {
            api.writes().mesh().deletePeer(peer.name());
            console.done("deleted MeshPeer " + peer.name());
            console.warn("cluster " + peer.name() + " still declares this one; there: kubectl delete meshpeer "
                    + options.clusterName());
        }
    }

    private void clearNodeAnnotations() throws IOException {
        for (var node : api.reads().nodes()) {
            if (node.annotations().keySet().stream().anyMatch(NODE_ANNOTATIONS::contains)) {
                api.writes().nodes().clear(node.name(), NODE_ANNOTATIONS);
            }
        }
    }

    private List<String> present(InstallOptions options) throws IOException {
        var present = new ArrayList<>(api.writes().manifests().present(Manifests.agent(options)));
        present.addAll(api.writes().manifests().present(Manifests.customResourceDefinitions()));
        present.addAll(ciliumKinds.present());
        return present;
    }

    private static String daemonSets(String manifest) {
        return Arrays.stream(manifest.split("(?m)^---$"))
                .filter(document -> document.contains("\nkind: DaemonSet\n"))
                .collect(Collectors.joining("---"));
    }
}
