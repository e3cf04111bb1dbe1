package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.service.AnsweredServices;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Keeps in the kernel whose nodes answer for whose services, and the program that serves what others hand on. */
final class Answers implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final MeshTables mesh;
    private final Derivation<AnswerRule, Boolean> planned;
    private final Reconciler<AnswerRule, Boolean> rules;
    private final Derivation<String, Integer> devicesPlanned;
    private final Reconciler<String, Integer> devices;

    /** @param own this cluster */
    Answers(
            MeshTables mesh,
            Table<String, NodeNetwork> network,
            ClusterName own,
            OutsideDatapath datapath,
            Netlink netlink,
            Clock clock) {
        this.mesh = mesh;
        var wanted = new Table<AnswerRule, Boolean>("answers for other clusters");
        planned = Derivation.into(wanted)
                .fromAll(mesh.meshPeers)
                .fromAll(mesh.believed.nodes())
                .startWhole(() -> AnswerPlan.rules(
                        mesh.meshPeers.snapshot().values().toList(),
                        mesh.believed.nodes().snapshot().values().toList(),
                        own));
        rules = reconciler(wanted, new KernelAnswers(datapath.answers()), clock);
        var wantedDevices = new Table<String, Integer>("devices of answers for other clusters");
        devicesPlanned = Derivation.into(wantedDevices)
                .fromAll(mesh.meshPeers)
                .fromAll(mesh.ownTunnel)
                .fromAll(network)
                .startWhole(() -> devices(network));
        devices = reconciler(
                wantedDevices, new DevicePrograms(device -> datapath.attachTunnel(device, ""), netlink), clock);
    }

    private static <K extends Comparable<? super K>, V> Reconciler<K, V> reconciler(
            Table<K, V> wanted, Target<K, V> target, Clock clock) {
        return new Reconciler<>(wanted, target, FULL_PASS, clock, RandomGenerator.getDefault()).start();
    }

    private Map<String, Integer> devices(Table<String, NodeNetwork> network) {
        var tunnel = mesh.ownTunnel.snapshot().get(MeshTables.OWN);
        var now = network.snapshot().get(MeshTables.OWN);
        if (!AnswerPlan.isConsented(mesh.meshPeers.snapshot().values().toList())) {
            return Map.of();
        }
        return tunnel.flatMap(own -> now.flatMap(devices -> devices.link(own.device())))
                .map(link -> Map.of(link.name(), link.index()))
                .orElse(Map.of());
    }

    /** What this node answers for now; empty while that is not known, and then what it told before stands. */
    Optional<AnsweredServices> told() {
        if (!rules.applied().initialized() || !devices.applied().initialized() || !mesh.meshPeers.initialized()) {
            return Optional.empty();
        }
        boolean attached = devices.applied().snapshot().size() > 0;
        var applied = rules.applied().snapshot().toMap().keySet().stream()
                .filter(rule -> attached && rule.side() == AnswerSide.HERE)
                .toList();
        return Optional.of(
                AnswerPlan.told(applied, mesh.meshPeers.snapshot().values().toList()));
    }

    /** Whether the program of this version is wherever it is needed. */
    boolean settled() {
        return devices.applied().initialized() && devices.failures().isEmpty();
    }

    Optional<String> failure() {
        return planned.failure().or(devicesPlanned::failure);
    }

    Map<String, Reconciler<?, ?>> reconcilers() {
        return Map.of("answers for other clusters", rules, "devices of answers", devices);
    }

    @Override
    public void close() {
        rules.close();
        devices.close();
        planned.close();
        devicesPlanned.close();
    }
}
