package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The slice a service should have, from the pods its selector chooses. */
final class EndpointSlicePlan {
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private EndpointSlicePlan() {}

    static EndpointSlice slice(Service service, List<Pod> pods) {
        List<Pod> backends = pods.stream()
                .filter(p -> p.getMetadata()
                        .getNamespace()
                        .equals(service.getMetadata().getNamespace()))
                .filter(p -> labels(p)
                        .entrySet()
                        .containsAll(service.getSpec().getSelector().entrySet()))
                .filter(p -> p.getStatus() != null && p.getStatus().getPodIP() != null && !RolloutPlan.finished(p))
                .sorted(Comparator.comparing(p -> p.getMetadata().getName()))
                .toList();
        Map<String, String> labels = new HashMap<>(
                Optional.ofNullable(service.getMetadata().getLabels()).orElse(Map.of()));
        labels.put("kubernetes.io/service-name", service.getMetadata().getName());
        labels.put("endpointslice.kubernetes.io/managed-by", MANAGER);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(service.getMetadata().getName() + "-"
                        + Integer.toString(service.getMetadata().getUid().hashCode() & 0xfffffff, 36))
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(labels)
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("Service")
                .withName(service.getMetadata().getName())
                .withUid(service.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(backends.stream().map(p -> endpoint(service, p)).toList())
                .withPorts(service.getSpec().getPorts().stream()
                        .flatMap(port -> port(port, backends))
                        .toList())
                .build();
    }

    private static Endpoint endpoint(Service service, Pod pod) {
        boolean terminating = !RolloutPlan.alive(pod);
        boolean serving = pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
        boolean always = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        return new EndpointBuilder()
                .withAddresses(pod.getStatus().getPodIP())
                .withNewConditions(always || serving && !terminating, always || serving, terminating)
                .withNodeName(pod.getSpec().getNodeName())
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }

    private static Stream<EndpointPort> port(ServicePort port, List<Pod> backends) {
        Integer number = port.getTargetPort() == null
                ? port.getPort()
                : port.getTargetPort().getIntVal();
        Optional<Integer> target = number != null
                ? Optional.of(number)
                : backends.stream()
                        .flatMap(p -> p.getSpec().getContainers().stream())
                        .flatMap(c -> c.getPorts().stream())
                        .filter(p -> port.getTargetPort().getStrVal().equals(p.getName()))
                        .map(ContainerPort::getContainerPort)
                        .findFirst();
        return target.stream()
                .map(t -> new EndpointPortBuilder()
                        .withName(port.getName() == null ? "" : port.getName())
                        .withProtocol(port.getProtocol() == null ? "TCP" : port.getProtocol())
                        .withAppProtocol(port.getAppProtocol())
                        .withPort(t)
                        .build());
    }

    private static Map<String, String> labels(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of());
    }
}
