package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What kube-controller-manager and kube-scheduler do in a real cluster, as far as the lab needs it. */
public final class Controllers implements AutoCloseable {
    private final ClusterState state;
    private final String certificateAuthority;
    private final Workloads workloads;
    private final Scheduler scheduler;
    private final Pulse pulse;
    private final Pulse slicePulse;

    public Controllers(String cluster, ClusterState state, String certificateAuthority) {
        this.state = state;
        this.certificateAuthority = certificateAuthority;
        workloads = new Workloads(state);
        scheduler = new Scheduler(state);
        pulse = new Pulse(cluster + "-controllers", this::reconcile);
        // Apart, so that a rollout that waits for its own writes never delays an endpoint.
        slicePulse = new Pulse(cluster + "-endpoints", this::slices);
        state.onChange(pulse::mark);
        state.onChange(slicePulse::mark);
    }

    public void start() {
        pulse.start();
        slicePulse.start();
    }

    private void reconcile() {
        state.namespaces().stream()
                .filter(n -> n.getMetadata().getDeletionTimestamp() == null)
                .forEach(this::furnish);
        workloads.reconcile();
        scheduler.reconcile();
    }

    /** Every namespace has a default service account and the cluster's certificate authority. */
    private void furnish(Namespace namespace) {
        String name = namespace.getMetadata().getName();
        if (state.account(name, "default") == null) {
            state.client()
                    .serviceAccounts()
                    .inNamespace(name)
                    .resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName("default")
                            .withNamespace(name)
                            .endMetadata()
                            .build())
                    .createOr(r -> r.update());
        }
        if (state.configMap(name, "kube-root-ca.crt") == null) {
            state.client()
                    .configMaps()
                    .inNamespace(name)
                    .resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("kube-root-ca.crt")
                            .withNamespace(name)
                            .endMetadata()
                            .addToData("ca.crt", certificateAuthority)
                            .build())
                    .createOr(r -> r.update());
        }
    }

    private void slices() {
        state.services().stream()
                .filter(s -> s.getSpec().getSelector() != null
                        && !s.getSpec().getSelector().isEmpty())
                .forEach(this::slice);
        Set<String> services =
                state.services().stream().map(s -> s.getMetadata().getUid()).collect(Collectors.toSet());
        state.slices().stream()
                .filter(s -> s.getMetadata().getOwnerReferences().stream()
                        .anyMatch(o -> o.getKind().equals("Service") && !services.contains(o.getUid())))
                .forEach(s -> state.client().resource(s).delete());
    }

    private void slice(Service service) {
        Map<String, EndpointSlice> present = state.slicesOf(service)
                .filter(s -> s.getMetadata().getOwnerReferences().stream()
                        .anyMatch(o -> o.getUid().equals(service.getMetadata().getUid())))
                .collect(Collectors.toMap(s -> s.getMetadata().getName(), s -> s));
        for (EndpointSlice wanted : EndpointSlicePlan.slices(service, state.pods())) {
            write(
                    wanted,
                    Optional.ofNullable(present.remove(wanted.getMetadata().getName())));
        }
        present.values().forEach(s -> state.client().resource(s).delete());
    }

    private void write(EndpointSlice wanted, Optional<EndpointSlice> present) {
        if (present.isEmpty()) {
            state.client().resource(wanted).createOr(r -> r.update());
        } else if (!same(present.get(), wanted)) {
            wanted.getMetadata().setResourceVersion(present.get().getMetadata().getResourceVersion());
            state.client().resource(wanted).update();
        }
    }

    private static boolean same(EndpointSlice a, EndpointSlice b) {
        return Objects.equals(a.getEndpoints(), b.getEndpoints())
                && Objects.equals(a.getPorts(), b.getPorts())
                && Objects.equals(a.getMetadata().getLabels(), b.getMetadata().getLabels());
    }

    @Override
    public void close() {
        pulse.close();
        slicePulse.close();
    }
}
