package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** One cluster's objects as last heard from its API server, shared by everything in the lab that follows them. */
public final class ClusterState {
    private final KubernetesClient client;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<EndpointSlice> slices;
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<DaemonSet> daemonSets;
    private final SharedIndexInformer<ConfigMap> configMaps;
    private final SharedIndexInformer<Secret> secrets;
    private final SharedIndexInformer<Namespace> namespaces;
    private final SharedIndexInformer<ServiceAccount> accounts;

    public ClusterState(KubernetesClient client) {
        this.client = client;
        pods = follow(client.pods().inAnyNamespace());
        nodes = follow(client.nodes());
        services = follow(client.services().inAnyNamespace());
        slices = follow(client.discovery().v1().endpointSlices().inAnyNamespace());
        deployments = follow(client.apps().deployments().inAnyNamespace());
        daemonSets = follow(client.apps().daemonSets().inAnyNamespace());
        configMaps = follow(client.configMaps().inAnyNamespace());
        secrets = follow(client.secrets().inAnyNamespace());
        namespaces = follow(client.namespaces());
        accounts = follow(client.serviceAccounts().inAnyNamespace());
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>> SharedIndexInformer<T> follow(
            FilterWatchListDeletable<T, L, ? extends Resource<T>> resources) {
        return resources.inform(
                new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(T object) {
                        changed();
                    }

                    @Override
                    public void onUpdate(T before, T after) {
                        changed();
                    }

                    @Override
                    public void onDelete(T object, boolean finalStateUnknown) {
                        changed();
                    }
                },
                0);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public KubernetesClient client() {
        return client;
    }

    public List<Pod> pods() {
        return pods.getStore().list();
    }

    public Stream<Pod> podsOf(HasMetadata owner) {
        return pods().stream()
                .filter(p -> p.getMetadata().getOwnerReferences().stream()
                        .anyMatch(o -> o.getUid().equals(owner.getMetadata().getUid())));
    }

    public Pod pod(String namespace, String name) {
        return pods.getStore().getByKey(namespace + "/" + name);
    }

    public List<Node> nodes() {
        return nodes.getStore().list();
    }

    public List<Service> services() {
        return services.getStore().list();
    }

    public Service service(String namespace, String name) {
        return services.getStore().getByKey(namespace + "/" + name);
    }

    public List<EndpointSlice> slices() {
        return slices.getStore().list();
    }

    public Stream<EndpointSlice> slicesOf(Service service) {
        return slices().stream()
                .filter(s -> s.getMetadata()
                                .getNamespace()
                                .equals(service.getMetadata().getNamespace())
                        && service.getMetadata().getName().equals(label(s, "kubernetes.io/service-name")));
    }

    private static String label(HasMetadata object, String key) {
        return object.getMetadata().getLabels() == null
                ? null
                : object.getMetadata().getLabels().get(key);
    }

    public List<Deployment> deployments() {
        return deployments.getStore().list();
    }

    public List<DaemonSet> daemonSets() {
        return daemonSets.getStore().list();
    }

    public ConfigMap configMap(String namespace, String name) {
        return configMaps.getStore().getByKey(namespace + "/" + name);
    }

    public Secret secret(String namespace, String name) {
        return secrets.getStore().getByKey(namespace + "/" + name);
    }

    public List<Namespace> namespaces() {
        return namespaces.getStore().list();
    }

    public ServiceAccount account(String namespace, String name) {
        return accounts.getStore().getByKey(namespace + "/" + name);
    }
}
