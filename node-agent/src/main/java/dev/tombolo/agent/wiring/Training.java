package dev.tombolo.agent.wiring;

import dev.tombolo.agent.api.AgentApi;
import dev.tombolo.agent.mesh.FollowedClusters;
import dev.tombolo.agent.mesh.MeshPlans;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.kube.KubeTraining;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.reconciler.loop.MemoryTarget;
import dev.tombolo.reconciler.loop.Reconciler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Touches the classes that a start needs, for a cache of them to be made from (-XX:AOTCacheOutput): everything is
 * constructed, and the plans run in memory; the kernel, the network and Kubernetes are left alone.
 */
public final class Training {
    /** The name of the property that keeps the process's own beans away. */
    static final String PROPERTY = "training";

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Training() {}

    /** @param classes a file with names of classes to load besides; each is of no use where it is missing */
    public static void run(Path classes) throws IOException, InterruptedException {
        try (var context = ApplicationContext.builder()
                .banner(false)
                .properties(Map.of(PROPERTY, true))
                .start()) {
            context.getBean(EmbeddedServer.class);
            context.getBean(MeterRegistry.class);
        }
        AgentApi.touch();
        KubeTraining.run(classes);
        EtcdStore.open(EtcdAddress.plain("http://127.0.0.1:1")).close();
        plans();
    }

    private static void plans() throws IOException, InterruptedException {
        var clock = Clock.systemUTC();
        var tables = new MeshTables();
        var etcd = new MemoryStore(clock);
        etcd.commit(List.of(new Write.Put(MeshKeys.HEARTBEAT, Value.of("now"), OptionalLong.empty())));
        for (var kind : MeshKeys.Kind.values()) {
            String canary = MeshKeys.cacheCanary(kind, new ClusterName("west"));
            etcd.commit(List.of(new Write.Put(canary, Value.of("now"), OptionalLong.empty())));
        }
        var targets = new MeshPlans.Targets(
                new MemoryTarget<>(),
                new MemoryTarget<>(),
                new MemoryTarget<>(),
                new MemoryTarget<>(),
                new MemoryTarget<>());
        var self = new ServicePlan.Self(new ClusterName("east"), new ClusterId(1), GlobalNamespaces.DEFAULT);
        try (var plans = new MeshPlans(
                        tables,
                        self,
                        Prefix.parse("100.64.64.0/18"),
                        MeshPlans.FAREWELL,
                        targets,
                        (_, _) -> {},
                        clock);
                var clusters = new FollowedClusters(
                        () -> etcd, tables.heard, tables.wanted, FollowPace.DEFAULT, clock, tables.refusals);
                var following =
                        new Reconciler<>(tables.wanted, clusters, LONGEST, clock, RandomGenerator.getDefault())) {
            following.start();
            fill(tables);
            var applied = plans.reconcilers().get(tables.frontends.name()).applied();
            long end = System.nanoTime() + LONGEST.toNanos();
            var seen = applied.snapshot();
            while (!seen.initialized() && System.nanoTime() < end) {
                applied.awaitChange(seen.revision(), Duration.ofNanos(end - System.nanoTime()));
                seen = applied.snapshot();
            }
        }
    }

    private static void fill(MeshTables tables) {
        var own = new OwnTunnel("tombolo-wg0", Optional.of(IpAddress.parse("100.64.64.1")), 1_420);
        tables.ownTunnel.put(MeshTables.OWN, own);
        var peer = new MeshPeerObject.Spec(
                2,
                List.of("https://192.0.2.1:32379"),
                "",
                "",
                "",
                List.of("10.2.0.0/16"),
                List.of("192.0.2.0/24"),
                "100.64.128.0/18",
                255,
                Optional.empty());
        tables.meshPeers.put("west", new MeshPeerObject("west", "", 1, false, Map.of(), peer, null));
        tables.ownTunnel.markInitialized();
        tables.kubeNodes.markInitialized();
        tables.namespaces.markInitialized();
        tables.meshPeers.markInitialized();
        tables.kubeServices.markInitialized();
        tables.slices.markInitialized();
    }
}
