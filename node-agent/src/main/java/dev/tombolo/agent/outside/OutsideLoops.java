package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.egress.network.NodeNetworkSource;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.ConnectionCollector;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.service.Acceleration;
import dev.tombolo.model.service.AnsweredServices;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Failure;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The chain from the node's network to programs at its uplinks, and the end of connections that are over. */
final class OutsideLoops implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);
    private static final Duration COLLECTION = Duration.ofSeconds(10);

    private final NodeNetworkSource source;
    private final Derivation<String, Integer> planned;
    private final Reconciler<String, Integer> uplinks;
    private final Shortcuts shortcuts;
    private final Answers answers;
    private final Derivation<IpAddress, BackendPlace> placed;
    private final Reconciler<IpAddress, BackendPlace> places;
    private final ConnectionCollector collector;
    private final Watch collection;

    OutsideLoops(
            MeshTables mesh,
            NodeId node,
            Acceleration acceleration,
            Netlink netlink,
            OutsideDatapath datapath,
            Clock clock)
            throws IOException {
        // It may fail, and nothing that has been started would end then.
        var shortcutPrograms = new ShortcutPrograms(datapath, netlink);
        var network = new Table<String, NodeNetwork>("network of the uplinks");
        var wanted = new Table<String, Integer>("uplinks");
        planned = Derivation.into(wanted)
                .fromAll(network)
                .fromAll(mesh.nodeAddresses)
                .startWhole(() -> uplinks(network, mesh));
        uplinks = new Reconciler<>(
                        wanted,
                        new DevicePrograms(device -> datapath.attachUplink(device, ""), netlink),
                        FULL_PASS,
                        clock,
                        RandomGenerator.getDefault())
                .start();
        shortcuts = new Shortcuts(wanted, network, acceleration, shortcutPrograms, clock);
        answers = new Answers(mesh, network, node.cluster(), datapath, netlink, clock);
        var wantedPlaces = new Table<IpAddress, BackendPlace>("places of backends");
        placed = new BackendPlaces(mesh, network, node).into(wantedPlaces);
        places = new Reconciler<>(
                        wantedPlaces,
                        new KernelPlaces(datapath.places()),
                        FULL_PASS,
                        clock,
                        RandomGenerator.getDefault())
                .start();
        source = new NodeNetworkSource(netlink, network).start();
        collector =
                new ConnectionCollector(datapath.connections(), datapath.room(), NatTimeouts.DEFAULT, System::nanoTime);
        collection = Watch.start("connections from outside", "connections from outside cannot be collected", () -> {
            collector.collect();
            if (!collector.isBehind()) {
                Thread.sleep(COLLECTION);
            }
        });
    }

    private static Map<String, Integer> uplinks(Table<String, NodeNetwork> network, MeshTables mesh) {
        var addresses = mesh.nodeAddresses.snapshot().toMap().keySet();
        return network.snapshot()
                .get(MeshTables.OWN)
                .map(now -> UplinkPlan.uplinks(now, addresses))
                .orElse(Map.of());
    }

    /** Whether the programs of this version watch every device that they should. */
    boolean attached() {
        return uplinks.applied().initialized()
                && uplinks.failures().isEmpty()
                && shortcuts.settled()
                && answers.settled();
    }

    /** Why clients outside are not served; without shortcuts they are. */
    Optional<String> failure() {
        return source.failure()
                .or(collection::failure)
                .or(planned::failure)
                .or(placed::failure)
                .or(shortcuts::planFailure)
                .or(answers::failure)
                .or(() -> Stream.concat(uplinks.failures().values().stream(), places.failures().values().stream())
                        .map(Failure::reason)
                        .findFirst());
    }

    /** Connections from outside, as they were counted a few seconds ago. */
    Map<ServiceKey, Integer> counted() {
        return collector.counted();
    }

    /** For whom this node answers; empty while that is not known. */
    Optional<AnsweredServices> answered() {
        return uplinks.applied().initialized() && uplinks.failures().isEmpty() ? answers.told() : Optional.empty();
    }

    Map<String, Reconciler<?, ?>> reconcilers() {
        var all = new TreeMap<String, Reconciler<?, ?>>(answers.reconcilers());
        all.putAll(Map.of("uplinks", uplinks, "places", places, Acceleration.SETTING, shortcuts.reconciler()));
        return all;
    }

    /** Stops; what is attached stays. */
    @Override
    public void close() {
        collection.close();
        source.close();
        uplinks.close();
        shortcuts.close();
        answers.close();
        places.close();
        planned.close();
        placed.close();
    }
}
