package dev.tombolo.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fabric8 client as the product uses it, with its default settings. */
class ClientTest {
    private static RunningServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/etcd")), "skipped: etcd is not installed");
        server = new RunningServer();
        client = server.client();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Service service(String name, String type, int... ports) {
        var builder = new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withType(type);
        for (int port : ports) {
            builder.addNewPort().withName("p" + port).withPort(port).endPort();
        }
        return builder.endSpec().build();
    }

    /** Records what an informer says of config maps that have a label. */
    private record Seen(LinkedBlockingQueue<String> events) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            events.add("+" + map.getMetadata().getName() + map.getData());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            events.add("~" + map.getMetadata().getName() + map.getData());
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            events.add("-" + map.getMetadata().getName());
        }

        String next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void informersFollowASelectionAndGoOnAfterARestartOfTheServer() throws Exception {
        var seen = new Seen(new LinkedBlockingQueue<>());
        try (var informer =
                client.configMaps().inNamespace("default").withLabel("follow").inform(seen)) {
            await().until(informer::hasSynced);
            var labelled = new ConfigMapBuilder(configMap("followed", Map.of("a", "1")))
                    .editMetadata()
                    .addToLabels("follow", "me")
                    .endMetadata()
                    .build();
            client.resource(configMap("ignored", Map.of())).create();
            client.resource(labelled).create();
            assertThat(seen.next()).isEqualTo("+followed{a=1}");
            client.resource(labelled)
                    .edit(map -> new ConfigMapBuilder(map).addToData("a", "2").build());
            assertThat(seen.next()).isEqualTo("~followed{a=2}");
            client.resource(labelled)
                    .edit(map -> new ConfigMapBuilder(map)
                            .editMetadata()
                            .removeFromLabels("follow")
                            .endMetadata()
                            .build());
            assertThat(seen.next()).isEqualTo("-followed");
            server.restart();
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> client.resource(labelled).createOr(map -> map.update()) != null);
            assertThat(seen.events().poll(30, TimeUnit.SECONDS)).isEqualTo("+followed{a=1}");
        }
    }

    @Test
    void deliversEveryChangeInOrder() throws Exception {
        var arrivals = new LinkedBlockingQueue<String>();
        var map = client.resource(configMap("fast", Map.of("n", "-1"))).create();
        try (var watch = client.configMaps()
                .inNamespace("default")
                .withName("fast")
                .watch(new io.fabric8.kubernetes.client.Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap changed) {
                        arrivals.add(changed.getData().get("n"));
                    }

                    @Override
                    public void onClose(io.fabric8.kubernetes.client.WatcherException cause) {}
                })) {
            assertThat(arrivals.poll(10, TimeUnit.SECONDS)).isNotNull();
            for (int i = 0; i < 100; i++) {
                map.setData(Map.of("n", Integer.toString(i)));
                map.getMetadata().setResourceVersion(null);
                client.resource(map).update();
                assertThat(arrivals.poll(10, TimeUnit.SECONDS)).isEqualTo(Integer.toString(i));
            }
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void servicesCreatedAtTheSameTimeGetAddressesAndPortsOfTheirOwn() throws Exception {
        var creations = new ArrayList<Callable<Service>>();
        for (int i = 0; i < 40; i++) {
            String name = "parallel-" + i;
            creations.add(
                    () -> client.resource(service(name, "NodePort", 80, 443)).create());
        }
        var addresses = new HashSet<String>();
        var ports = new HashSet<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var created : threads.invokeAll(creations)) {
                addresses.add(created.get().getSpec().getClusterIP());
                created.get().getSpec().getPorts().forEach(port -> ports.add(port.getNodePort()));
            }
        }
        assertThat(addresses).hasSize(40).allMatch(address -> address.startsWith("10.96."));
        assertThat(ports).hasSize(80).allMatch(port -> port >= 30_000 && port <= 32_767);
    }

    @Test
    void servicesKeepWhatTheyHaveAndFreeItAtTheirEnd() {
        var created = client.resource(service("keeps", "NodePort", 80)).create();
        var updated = client.resource(service("keeps", "NodePort", 80, 81)).update();
        assertThat(updated.getSpec().getClusterIP()).isEqualTo(created.getSpec().getClusterIP());
        assertThat(updated.getSpec().getPorts().getFirst().getNodePort())
                .isEqualTo(created.getSpec().getPorts().getFirst().getNodePort());
        assertThat(updated.getSpec().getPorts().getFirst().getProtocol()).isEqualTo("TCP");
        assertThat(updated.getSpec().getPorts().getFirst().getTargetPort().getIntVal())
                .isEqualTo(80);

        var rival = service("rival", "ClusterIP", 80);
        rival.getSpec().setClusterIP(created.getSpec().getClusterIP());
        assertThatThrownBy(() -> client.resource(rival).create())
                .hasMessageContaining("provided IP is already allocated");
        client.resource(created).delete();
        await().ignoreException(KubernetesClientException.class)
                .until(() -> client.resource(rival).create() != null);

        var headless = service("headless", "ClusterIP", 80);
        headless.getSpec().setClusterIP("None");
        assertThat(client.resource(headless).create().getSpec().getClusterIP()).isEqualTo("None");
    }

    @Test
    void dependentsGoWithTheirOwnerAlsoLateOnes() {
        var owner = client.resource(configMap("owner", Map.of())).create();
        var reference = new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName("owner")
                .withUid(owner.getMetadata().getUid())
                .build();
        var dependent = new ConfigMapBuilder(configMap("dependent", Map.of()))
                .editMetadata()
                .withOwnerReferences(reference)
                .endMetadata()
                .build();
        client.resource(dependent).create();
        client.resource(owner).delete();
        await().until(() -> client.resource(dependent).get() == null);
        client.resource(dependent).create();
        await().until(() -> client.resource(dependent).get() == null);
    }

    @Test
    void finalizersHoldAnObjectUntilTheyAreRemoved() {
        var held = new ConfigMapBuilder(configMap("held", Map.of()))
                .editMetadata()
                .addToFinalizers("example/hold")
                .endMetadata()
                .build();
        client.resource(held).create();
        client.resource(held).delete();
        assertThat(client.resource(held).get().getMetadata().getDeletionTimestamp())
                .isNotNull();
        client.resource(held)
                .edit(map -> new ConfigMapBuilder(map)
                        .editMetadata()
                        .withFinalizers(List.of())
                        .endMetadata()
                        .build());
        assertThat(client.resource(held).get()).isNull();
    }

    @Test
    void podsOfANodeWaitForTheirKubelet() {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName("bound")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .withTerminationGracePeriodSeconds(7L)
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build();
        client.resource(pod).create();
        client.resource(pod).delete();
        assertThat(client.resource(pod).get().getMetadata().getDeletionGracePeriodSeconds())
                .isEqualTo(7);
        client.resource(pod).withGracePeriod(0).delete();
        assertThat(client.resource(pod).get()).isNull();
    }

    @Test
    void staleWritesAreRefusedAndUnchangedOnesCostNoRevision() {
        var first = client.resource(configMap("locked", Map.of("a", "1"))).create();
        var second = client.resource(
                        new ConfigMapBuilder(first).addToData("a", "2").build())
                .update();
        assertThatThrownBy(() -> client.resource(
                                new ConfigMapBuilder(first).addToData("a", "3").build())
                        .update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo(409));
        var third = client.resource(second).update();
        assertThat(third.getMetadata().getResourceVersion())
                .isEqualTo(second.getMetadata().getResourceVersion());
        assertThat(third.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
    }

    @Test
    void leasesKeepTheirMicroseconds() {
        var now = ZonedDateTime.parse("2026-01-01T00:00:00.123456Z");
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withName("leader")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("me")
                .withRenewTime(now)
                .endSpec()
                .build();
        client.resource(lease).create();
        assertThat(client.resource(lease).get().getSpec().getRenewTime()).isEqualTo(now);
    }

    @Test
    void tokensNameTheirServiceAccountAndRequestsAreRecorded() {
        String token = server.server().tokenFor("default", "robot");
        assertThat(server.server().tokenFor("default", "robot")).isEqualTo(token);
        try (var robot = server.clientWithToken(token)) {
            robot.configMaps().inNamespace("default").list();
            assertThat(robot.raw("/lab/requests"))
                    .contains("system:serviceaccount:default:robot list configmaps default")
                    .contains("\"admin ");
        }
        try (var stranger = server.clientWithToken("wrong")) {
            assertThatThrownBy(() -> stranger.namespaces().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refusal -> assertThat(refusal.getCode()).isEqualTo(401));
        }
    }

    @Test
    void aCollectionCanBeDeletedAndNamesGenerated() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("many")
                        .endMetadata()
                        .build())
                .create();
        for (int i = 0; i < 3; i++) {
            var generated = client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withGenerateName("g-")
                            .withNamespace("many")
                            .endMetadata()
                            .build())
                    .create();
            assertThat(generated.getMetadata().getName()).matches("g-[a-z0-9]{5,6}");
        }
        client.configMaps().inNamespace("many").delete();
        assertThat(client.configMaps().inNamespace("many").list().getItems()).isEmpty();
        assertThat(client.supports(io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice.class))
                .isTrue();
        assertThat(client.getApiGroup("apps").getPreferredVersion().getGroupVersion())
                .isEqualTo("apps/v1");
    }
}
