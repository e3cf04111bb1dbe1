package dev.tombolo.lab.controller;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The slices a service should have, from the pods its selector chooses. */
final class EndpointSlicePlan {
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private EndpointSlicePlan() {}

    /** One for all pods whose ports have the same numbers; one without endpoints where there is no pod. */
    static List<EndpointSlice> slices(Service service, List<Pod> pods) {
        Map<List<EndpointPort>, List<Pod>> byPorts = backends(service, pods)
                .collect(Collectors.groupingBy(pod -> ports(service, pod), LinkedHashMap::new, Collectors.toList()));
        if (byPorts.isEmpty()) {
            byPorts.put(List.of(), List.of());
        }
        var slices = new ArrayList<EndpointSlice>();
        byPorts.forEach((ports, sharing) -> slices.add(slice(service, slices.size(), ports, sharing)));
        return slices;
    }

    private static Stream<Pod> backends(Service service, List<Pod> pods) {
        return pods.stream()
                .filter(p -> p.getMetadata()
                        .getNamespace()
                        .equals(service.getMetadata().getNamespace()))
                .filter(p -> labels(p)
                        .entrySet()
                        .containsAll(service.getSpec().getSelector().entrySet()))
                .filter(p -> p.getStatus() != null && p.getStatus().getPodIP() != null && !RolloutPlan.finished(p))
                .sorted(Comparator.comparing(p -> p.getMetadata().getName()));
    }

    private static EndpointSlice slice(Service service, int number, List<EndpointPort> ports, List<Pod> backends) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(service.getMetadata().getName() + "-"
                        + Integer.toString((service.getMetadata().getUid().hashCode() + number) & 0xfffffff, 36))
                .withNamespace(service.getMetadata().getNamespace())
                .withLabels(sliceLabels(service))
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
                .withPorts(ports)
                .build();
    }

    private static Map<String, String> sliceLabels(Service service) {
        Map<String, String> labels = new HashMap<>(labels(service));
        labels.put("kubernetes.io/service-name", service.getMetadata().getName());
        labels.put("endpointslice.kubernetes.io/managed-by", MANAGER);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put("service.kubernetes.io/headless", "");
        }
        return labels;
    }

    private static Endpoint endpoint(Service service, Pod pod) {
        boolean terminating = !RolloutPlan.alive(pod);
        boolean serving = pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
        boolean always = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        return new EndpointBuilder()
                .withAddresses(pod.getStatus().getPodIP())
                .withNewConditions(always || serving && !terminating, serving, terminating)
                .withNodeName(pod.getSpec().getNodeName())
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        return service.getSpec().getPorts().stream()
                .flatMap(port -> target(port, pod).stream()
                        .map(number -> new EndpointPortBuilder()
                                .withName(port.getName() == null ? "" : port.getName())
                                .withProtocol(port.getProtocol() == null ? "TCP" : port.getProtocol())
                                .withAppProtocol(port.getAppProtocol())
                                .withPort(number)
                                .build()))
                .toList();
    }

    private static Optional<Integer> target(ServicePort port, Pod pod) {
        Integer number = port.getTargetPort() == null
                ? port.getPort()
                : port.getTargetPort().getIntVal();
        return number != null
                ? Optional.of(number)
                : pod.getSpec().getContainers().stream()
                        .flatMap(c -> c.getPorts().stream())
                        .filter(p -> port.getTargetPort().getStrVal().equals(p.getName()))
                        .map(ContainerPort::getContainerPort)
                        .findFirst();
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of());
    }
}
