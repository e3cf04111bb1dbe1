package dev.tombolo.agent.probe;

import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** All that is asked of the paths to remote nodes: whether they answer, how much they carry, and what was known before. */
public final class PathProbes implements AutoCloseable {
    private final Table<NodeId, MeshNode> nodes;
    private final Table<NodeId, PathState> states;
    private final Clock clock;
    private final DeadPathMemory memory;
    private Optional<PathProber> prober = Optional.empty();
    private Optional<PathWatcher> watcher = Optional.empty();

    private PathProbes(
            Table<NodeId, MeshNode> nodes, Table<NodeId, PathState> states, DeadPathMemory memory, Clock clock) {
        this.nodes = nodes;
        this.states = states;
        this.memory = memory;
        this.clock = clock;
    }

    /** Tells what the agent before this one knew to be dead; to be called before anything is planned. */
    public static PathProbes remember(
            Path state, Table<NodeId, MeshNode> nodes, Table<NodeId, PathState> states, Clock clock)
            throws IOException {
        return new PathProbes(nodes, states, new DeadPathMemory(DeadPathFile.in(state), nodes, states, clock), clock);
    }

    /**
     * Begins to ask.
     *
     * @param used the nodes that matter most
     */
    public void start(
            Supplier<Optional<OwnTunnel>> own,
            Supplier<Set<NodeId>> used,
            Table<NodeId, PathMeasure> measures,
            Supplier<UnderlayRoom> underlay)
            throws NetlinkException {
        memory.start();
        prober = Optional.of(new PathProber(nodes, own, measures, underlay).start());
        watcher = Optional.of(PathWatcher.start(nodes, used, states, memory.remembered(), clock));
    }

    @Override
    public void close() {
        watcher.ifPresent(PathWatcher::close);
        prober.ifPresent(PathProber::close);
        memory.close();
    }
}
