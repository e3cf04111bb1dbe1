package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.mesh.RemoteService;
import dev.tombolo.agent.path.Path;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.model.service.ServicePort;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceDerivationsTest {
    private static final ClusterName WEST = new ClusterName("west");
    private final Table<ObjectKey, KubeService> services = new Table<>("services");
    private final Table<ObjectKey, KubeEndpointSlice> slices = new Table<>("slices");
    private final Table<String, KubeNamespace> namespaces = new Table<>("namespaces");
    private final Table<RemoteService, MeshService> remote = new Table<>("remote");
    private final Table<IpAddress, Path> paths = new Table<>("paths");
    private final Table<IpAddress, Boolean> nodeAddresses = new Table<>("node");
    private final Table<String, String> zone = new Table<>("zone");
    private final ServiceDerivations.Inputs inputs = inputs(GlobalNamespaces.DEFAULT);

    private ServiceDerivations.Inputs inputs(GlobalNamespaces taking) {
        var self = new ServicePlan.Self(new ClusterName("east"), new ClusterId(1), taking);
        return new ServiceDerivations.Inputs(self, services, slices, namespaces, remote, paths, nodeAddresses, zone);
    }

    @Test
    void aNamespaceTakesPartIfItSaysSoOrElseIfTheSettingDoes() {
        service(1);
        initialize();
        var optIn = new Table<ServiceName, ServedService>("opt in");
        var optOut = new Table<ServiceName, ServedService>("opt out");
        try (var _ = ServiceDerivations.served(inputs(new GlobalNamespaces(false)), optIn);
                var _ = ServiceDerivations.served(inputs, optOut)) {
            await().until(() -> optIn.initialized() && optOut.snapshot().size() == 1);
            assertThat(optIn.snapshot().size()).isZero();
            shop(Map.of(GlobalNamespaces.ANNOTATION, "True"));
            await().until(() -> optIn.snapshot().size() == 1);
            assertThat(optOut.snapshot().size()).isEqualTo(1);
            shop(Map.of(GlobalNamespaces.ANNOTATION, "yes"));
            await().until(() -> optIn.snapshot().size() + optOut.snapshot().size() == 0);
            shop(Map.of());
            await().until(() -> optOut.snapshot().size() == 1);
            assertThat(optIn.snapshot().size()).isZero();
        }
    }

    private void shop(Map<String, String> annotations) {
        namespaces.put("shop", new KubeNamespace("shop", Map.of(), annotations));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void followingChangesEndsWhereReadingEverythingWould(long seed) {
        var random = new Random(seed);
        initialize();
        var incremental = new Table<ServiceName, ServedService>("incremental");
        try (var _ = ServiceDerivations.served(inputs, incremental)) {
            for (int i = 0; i < 500; i++) {
                change(random);
            }
            var full = new Table<ServiceName, ServedService>("full");
            try (var _ = ServiceDerivations.served(inputs, full)) {
                await().until(full::initialized);
                await().untilAsserted(() -> assertThat(incremental.snapshot().toMap())
                        .isEqualTo(full.snapshot().toMap()));
            }
        }
    }

    @Test
    void oneChangeAmongTenThousandEndpointsIsPlannedInMilliseconds() {
        for (int i = 0; i < 10_000; i++) {
            var address = IpAddress.v4(0x0A020000 + i);
            paths.put(address, new Path(new NodeId(WEST, "n"), address));
        }
        for (int i = 0; i < 1_000; i++) {
            int first = i * 10;
            service(i);
            remote(i, IntStream.range(first, first + 10).boxed().toList());
        }
        initialize();
        var planned = new Table<ServiceName, ServedService>("planned");
        try (var _ = ServiceDerivations.served(inputs, planned)) {
            await().until(planned::initialized);
            var nanos = new long[200];
            for (int i = 0; i < nanos.length; i++) {
                var name = new ServiceName("shop", "s" + i);
                var address = IpAddress.v4(0x0A020000 + i * 10);
                long start = System.nanoTime();
                paths.remove(address);
                while (planned.snapshot().get(name).orElseThrow().waiting() == 0) {
                    Thread.onSpinWait();
                }
                nanos[i] = System.nanoTime() - start;
            }
            java.util.Arrays.sort(nanos);
            assertThat(nanos[100]).as("median of 200 changes, ns").isLessThan(20_000_000);
        }
    }

    private void initialize() {
        services.markInitialized();
        slices.markInitialized();
        shop(Map.of());
        namespaces.markInitialized();
        remote.markInitialized();
        paths.markInitialized();
        nodeAddresses.markInitialized();
        zone.markInitialized();
    }

    private void change(Random random) {
        int which = random.nextInt(8);
        var address = IpAddress.v4(0x0A020000 + random.nextInt(30));
        switch (random.nextInt(6)) {
            case 0 -> service(which);
            case 1 -> services.remove(new ObjectKey("shop", "s" + which));
            case 2 -> remote(which, random.ints(3, 0, 30).distinct().boxed().toList());
            case 3 -> paths.put(address, new Path(new NodeId(WEST, "n" + random.nextInt(2)), address));
            case 4 -> paths.remove(address);
            default -> slice(which, random.nextInt(10));
        }
    }

    private void service(int number) {
        var key = new ObjectKey("shop", "s" + number);
        services.put(
                key,
                new KubeService(
                        key,
                        "",
                        Map.of(),
                        Map.of("service.cilium.io/global", "true"),
                        KubeService.Type.CLUSTER_IP,
                        List.of(IpAddress.v4(0x0A600000 + number)),
                        List.of(),
                        List.of(new KubeService.Port("http", Protocol.TCP, 80, "", 0)),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE));
    }

    private void remote(int number, List<Integer> hosts) {
        var name = new ServiceName("shop", "s" + number);
        var backends = hosts.stream()
                .collect(Collectors.toMap(
                        host -> IpAddress.v4(0x0A020000 + host),
                        _ -> Map.of("http", new ServicePort(Protocol.TCP, 8080))));
        remote.put(
                new RemoteService(name, WEST),
                new MeshService(
                        WEST, new ClusterId(2), name, Map.of(), backends, Map.of(), Map.of(), Map.of(), Map.of()));
    }

    private void slice(int number, int host) {
        var key = new ObjectKey("shop", "slice" + number);
        var endpoint = new KubeEndpointSlice.Endpoint(
                IpAddress.v4(0x0A010000 + host), host % 3 != 0, true, host % 3 == 0, "", "", "", "");
        slices.put(
                key,
                new KubeEndpointSlice(
                        key,
                        new ObjectKey("shop", "s" + (number + host) % 8),
                        KubeEndpointSlice.Family.IPV4,
                        "",
                        Map.of(),
                        List.of(endpoint),
                        List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080))));
    }
}
