package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.controller.Pulse;
import dev.tombolo.lab.network.NodeSandbox;
import dev.tombolo.lab.network.PodNetwork;
import dev.tombolo.lab.network.Topology;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/** One node's kubelet: registers the node, runs its pods, reports on them. A client of the API server only. */
public final class KubeletNode implements AutoCloseable {
    private final Topology.Cluster cluster;
    private final NodeSandbox sandbox;
    private final ClusterState state;
    private final ImageCatalogue images;
    private final ContainerLogs logs;
    private final ContainerRecords records;
    private final PodNetwork network;
    private final BinaryOperator<String> tokens;
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final Pulse pulse;

    /** @param tokens namespace and service account to a token */
    public KubeletNode(
            Topology.Cluster cluster,
            NodeSandbox sandbox,
            ClusterState state,
            Path distribution,
            ContainerLogs logs,
            BinaryOperator<String> tokens) {
        this.cluster = cluster;
        this.sandbox = sandbox;
        this.state = state;
        this.logs = logs;
        this.tokens = tokens;
        images = new ImageCatalogue(distribution);
        records = new ContainerRecords(sandbox.node().home(), cluster.name());
        network = new PodNetwork(sandbox);
        pulse = new Pulse(cluster.name() + "-" + sandbox.node().name() + "-kubelet", this::reconcile);
        state.onChange(pulse::mark);
    }

    public void start() {
        register();
        pulse.start();
    }

    private void register() {
        String version = System.getProperty("os.version");
        Map<String, Quantity> room = Map.of(
                "cpu",
                new Quantity(Integer.toString(Runtime.getRuntime().availableProcessors())),
                "memory",
                new Quantity("4Gi"),
                "pods",
                new Quantity("110"));
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(sandbox.node().name())
                .addToLabels("kubernetes.io/hostname", sandbox.node().name())
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", "amd64")
                .endMetadata()
                .withNewSpec()
                .withPodCIDR(sandbox.node().podRange())
                .withPodCIDRs(sandbox.node().podRanges())
                .endSpec()
                .withNewStatus()
                .addAllToAddresses(sandbox.node().addresses().stream()
                        .map(address -> new NodeAddress(address, "InternalIP"))
                        .toList())
                .addNewAddress(sandbox.node().name(), "Hostname")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .withLastTransitionTime(ContainerState.time(Instant.now()))
                .withLastHeartbeatTime(ContainerState.time(Instant.now()))
                .endCondition()
                .withCapacity(room)
                .withAllocatable(room)
                .withNewNodeInfo()
                .withKubeletVersion("v1.32.0")
                .withKernelVersion(version)
                .withOsImage("Tombolo lab")
                .withContainerRuntimeVersion("lab://1")
                .withOperatingSystem("linux")
                .withArchitecture("amd64")
                .endNodeInfo()
                .endStatus()
                .build();
        Node created = state.client().nodes().resource(node).createOr(r -> r.update());
        // Status is a subresource: what came with the creation may have been dropped.
        created.setStatus(node.getStatus());
        state.client().nodes().resource(created).updateStatus();
    }

    private void reconcile() {
        for (Pod pod : state.pods()) {
            if (sandbox.node().name().equals(pod.getSpec().getNodeName())) {
                follow(pod);
            }
        }
        runs.forEach((uid, run) -> {
            if (state.pods().stream().noneMatch(p -> p.getMetadata().getUid().equals(uid))) {
                run.stop(Duration.ZERO);
            } else {
                run.refresh();
            }
        });
    }

    private void follow(Pod pod) {
        String uid = pod.getMetadata().getUid();
        boolean leaving = pod.getMetadata().getDeletionTimestamp() != null;
        PodRun run = runs.get(uid);
        if (run == null && leaving) {
            forget(pod);
        } else if (run == null) {
            runs.computeIfAbsent(uid, _ -> new PodRun(this, pod)).start();
        } else if (leaving) {
            run.stop(Duration.ofSeconds(Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds())
                    .orElse(30L)));
        }
    }

    /** The pod's last trace on this node is gone: so may be the object. */
    void gone(Pod pod) {
        forget(pod);
        runs.remove(pod.getMetadata().getUid());
    }

    private void forget(Pod pod) {
        try {
            Pod seen = state.pod(
                    pod.getMetadata().getNamespace(), pod.getMetadata().getName());
            if (seen != null
                    && seen.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                state.client()
                        .pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .withGracePeriod(0)
                        .delete();
            }
        } catch (KubernetesClientException _) {
            pulse.mark();
        }
    }

    void event(Pod pod, String type, String reason, String message) {
        String now = ContainerState.time(Instant.now());
        Thread.startVirtualThread(() -> {
            try {
                state.client()
                        .v1()
                        .events()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .resource(new EventBuilder()
                                .withNewMetadata()
                                .withName(pod.getMetadata().getName() + "."
                                        + UUID.randomUUID().toString().substring(0, 8))
                                .withNamespace(pod.getMetadata().getNamespace())
                                .endMetadata()
                                .withNewInvolvedObject()
                                .withApiVersion("v1")
                                .withKind("Pod")
                                .withName(pod.getMetadata().getName())
                                .withNamespace(pod.getMetadata().getNamespace())
                                .withUid(pod.getMetadata().getUid())
                                .endInvolvedObject()
                                .withType(type)
                                .withReason(reason)
                                .withMessage(message)
                                .withCount(1)
                                .withFirstTimestamp(now)
                                .withLastTimestamp(now)
                                .withNewSource("kubelet", sandbox.node().name())
                                .build())
                        .create();
            } catch (KubernetesClientException _) {
                // Events are a courtesy: the state they tell of is in the pod's status too.
            }
        });
    }

    String token(Pod pod) {
        return tokens.apply(
                pod.getMetadata().getNamespace(),
                Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default"));
    }

    String dnsAddress() {
        return cluster.address();
    }

    NodeSandbox sandbox() {
        return sandbox;
    }

    ClusterState state() {
        return state;
    }

    PodNetwork network() {
        return network;
    }

    ImageCatalogue images() {
        return images;
    }

    ContainerLogs logs() {
        return logs;
    }

    ContainerRecords records() {
        return records;
    }

    @Override
    public void close() {
        pulse.close();
    }
}
