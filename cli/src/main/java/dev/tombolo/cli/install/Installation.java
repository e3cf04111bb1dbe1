package dev.tombolo.cli.install;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.deploy.InstallOptions;
import dev.tombolo.deploy.InstallSettings;
import dev.tombolo.deploy.Manifests;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.write.Manifested.Applied;
import dev.tombolo.kube.write.Manifested.Outcome;
import dev.tombolo.kube.write.Workloads.Rollout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is installed in one cluster, and the steps that change it. Every step may be repeated. */
public final class Installation {
    private static final ObjectKey CONFIG = new ObjectKey(Manifests.NAMESPACE, Manifests.CONFIG);
    static final String POLICY_API = "admissionregistration.k8s.io/v1";
    private static final String NO_CLUSTER_ASKED = """
            # No cluster was asked for this. Where Cilium has defined its kinds,
            # leave their CustomResourceDefinitions out, as tombolo install does: %s.
            """.formatted(String.join(", ", Manifests.CILIUM_KINDS));

    static final String POLICY_KIND = "ValidatingAdmissionPolicy";
    private final KubeApi api;
    private final Console console;
    private final CiliumKinds ciliumKinds;

    public Installation(KubeApi api, Console console) {
        this.api = api;
        this.console = console;
        this.ciliumKinds = new CiliumKinds(api);
    }

    /** The settings of the installed version; empty where nothing is installed. */
    public Optional<Map<String, String>> settings() throws IOException {
        return settings(api);
    }

    /** The same for whoever only looks. */
    public static Optional<Map<String, String>> settings(KubeApi api) throws IOException {
        return api.writes()
                .configMaps()
                .read(CONFIG)
                .map(data -> Manifests.settings(data.getOrDefault(Manifests.OPTIONS_KEY, "")));
    }

    /** The options of the installed version, or a failure that says how to install. */
    public InstallOptions options() throws IOException {
        var settings = settings();
        if (settings.isEmpty()) {
            throw CommandFailure.failed("Tombolo is not installed in " + api.address() + " (no ConfigMap " + CONFIG
                    + "); run: tombolo install --set cluster.name=NAME --set cluster.id=NUMBER");
        }
        return accepted(settings.get(), List.of());
    }

    /** The options, or a usage failure with every problem. */
    public static InstallOptions accepted(Map<String, String> earlier, List<String> given) throws IOException {
        return switch (InstallSettings.read(earlier, given)) {
            case InstallSettings.Outcome.Accepted(var options) -> options;
            case InstallSettings.Outcome.Refused(var problems) ->
                throw CommandFailure.usage(problems.stream()
                        .map(Object::toString)
                        .collect(Collectors.joining("\n  ", "settings are refused:\n  ", "")));
        };
    }

    /** What {@link #applyAgents} applies to a cluster that has none of it, for whoever applies it with something else. */
    public static String manifest(InstallOptions options) {
        return NO_CLUSTER_ASKED + manifest(Manifests.ciliumKinds(), options);
    }

    /** The same for this cluster: without Cilium's kinds where they are Cilium's. */
    public String manifestHere(InstallOptions options) throws IOException {
        return manifest(ciliumKinds.manifest(), options);
    }

    private static String manifest(String ciliumKinds, InstallOptions options) {
        return Stream.of(
                        Manifests.customResourceDefinitions(),
                        ciliumKinds,
                        Manifests.agent(options),
                        Manifests.ownNodePolicy())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("---\n"));
    }

    /** How other clusters reach this one: as it was chosen when the mesh was enabled. */
    public Manifests.ServiceType serviceType() throws IOException {
        return api.writes()
                .mesh()
                .clusterMesh()
                .map(mesh -> Manifests.ServiceType.valueOf(mesh.spec().serviceType()))
                .orElse(Manifests.ServiceType.NodePort);
    }

    /** Applies the kinds, the accounts and the agents; returns whether anything had to change. */
    public boolean applyAgents(InstallOptions options, Patience patience) throws IOException {
        var manifests = api.writes().manifests();
        var applied = new ArrayList<>(manifests.apply(Manifests.customResourceDefinitions()));
        applied.addAll(ciliumKinds.apply(console));
        required(patience.await(() ->
                manifests.established("meshpeers.tombolo.dev") && manifests.established("clustermeshes.tombolo.dev")
                        ? Optional.empty()
                        : Optional.of("waiting for the API server to serve tombolo.dev/v1alpha1")));
        required(
                patience.await(() -> ciliumKinds.awaited().map(kind -> "waiting for the API server to serve " + kind)));
        applied.addAll(manifests.apply(Manifests.agent(options)));
        if (manifests.offers(POLICY_API, POLICY_KIND)) {
            applied.addAll(manifests.apply(Manifests.ownNodePolicy()));
        } else {
            console.warn("this API server has no " + POLICY_KIND
                    + ": that an agent changes only its own Node is not enforced here");
        }
        return report(applied);
    }

    public boolean applyMesh(InstallOptions options, Manifests.ServiceType type) throws IOException {
        return report(api.writes().manifests().apply(Manifests.mesh(options, type)));
    }

    /** Waits until all agents run the newest version and say that they are ready. */
    public void awaitAgents(Patience patience) throws IOException {
        required(patience.await(() -> missing(
                "DaemonSet " + Manifests.AGENT,
                Manifests.AGENT,
                api.writes().workloads().daemonSet(new ObjectKey(Manifests.NAMESPACE, Manifests.AGENT)))));
        console.done("agents are ready on all nodes");
    }

    /** Says so when tunnels in user space still run as before: their pods are left alone, because that stops the tunnel. */
    public void mentionTunnels(Patience patience) throws IOException {
        required(patience.await(
                () -> tunnels().filter(rollout -> !rollout.observed()).isPresent()
                        ? Optional.of("waiting for what runs of DaemonSet " + Manifests.TUNNEL)
                        : Optional.empty()));
        if (tunnels().filter(rollout -> !rollout.complete()).isPresent()) {
            console.warn("pods of " + Manifests.TUNNEL + " run as before the upgrade; where a kernel has no WireGuard, "
                    + "deleting one stops its node's tunnel for some seconds: kubectl -n " + Manifests.NAMESPACE
                    + " delete pod -l app=" + Manifests.TUNNEL + ", one node at a time");
        }
    }

    private Optional<Rollout> tunnels() throws IOException {
        return api.writes().workloads().daemonSet(new ObjectKey(Manifests.NAMESPACE, Manifests.TUNNEL));
    }

    public void awaitMesh(Patience patience) throws IOException {
        required(patience.await(() -> missing(
                "Deployment " + Manifests.APISERVER,
                Manifests.APISERVER,
                api.writes().workloads().deployment(new ObjectKey(Manifests.NAMESPACE, Manifests.APISERVER)))));
        console.done("clustermesh-apiserver is ready");
        required(patience.await(() -> api.writes()
                        .mesh()
                        .clusterMesh()
                        .filter(mesh -> mesh.status().ready())
                        .isPresent()
                ? Optional.empty()
                : Optional.of("waiting for ClusterMesh cluster to be ready")));
    }

    Optional<String> missing(String what, String app, Optional<Rollout> rollout) throws IOException {
        if (rollout.isEmpty()) {
            return Optional.of(what + " does not exist");
        }
        if (rollout.get().complete()) {
            return Optional.empty();
        }
        String cause = api.writes().workloads().waiting(Manifests.NAMESPACE, app).stream()
                .findFirst()
                .map(pod ->
                        ": pod " + pod.pod() + (pod.node().isEmpty() ? "" : " on " + pod.node()) + ", " + pod.cause())
                .orElse("");
        return Optional.of(
                what + " has " + rollout.get().ready() + " of " + rollout.get().desired() + " ready" + cause);
    }

    private boolean report(List<Applied> applied) {
        applied.stream()
                .filter(object -> object.outcome() != Outcome.UNCHANGED)
                .forEach(object ->
                        console.done((object.outcome() == Outcome.CREATED ? "created " : "changed ") + object.name()));
        return applied.stream().anyMatch(object -> object.outcome() != Outcome.UNCHANGED);
    }

    static void required(Optional<String> missing) throws IOException {
        if (missing.isPresent()) {
            throw CommandFailure.failed("gave up " + (missing.get().startsWith("waiting") ? "" : "waiting: ")
                    + missing.get() + "; mend it and run the same command again, or wait longer with --wait-duration");
        }
    }
}
