package dev.tombolo.agent.probe;

import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.loop.LoopThread;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the dead paths for the next agent: at each change, and now and then so that they do not grow old while somebody
 * looks after them. One virtual thread of its own, so that a slow disk does not make the watching late.
 */
final class DeadPathMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadPathMemory.class);
    private static final Duration REFRESH = Duration.ofMinutes(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);

    private final DeadPathFile file;
    private final Map<NodeId, DeadPath> remembered;
    private final Table<NodeId, MeshNode> nodes;
    private final Table<NodeId, PathState> states;
    private final Clock clock;
    private final Thread thread;
    private Map<NodeId, DeadPath> written = Map.of();
    private Instant writtenAt = Instant.EPOCH;
    private String failure = "";

    /** Reads what was dead and tells it at once: the plans must not see these nodes without it. */
    DeadPathMemory(DeadPathFile file, Table<NodeId, MeshNode> nodes, Table<NodeId, PathState> states, Clock clock) {
        this.file = file;
        this.nodes = nodes;
        this.states = states;
        this.clock = clock;
        this.remembered = file.read(clock.instant());
        this.thread = Thread.ofVirtual().name("remember dead paths").unstarted(this::run);
        var rows = new HashMap<NodeId, PathState>();
        remembered.forEach((node, path) -> {
            rows.put(node, new PathState(PathState.Answer.DEAD, path.since()));
            LOG.info("path still dead node={} since={}", node, path.since());
        });
        states.apply(rows, Set.of());
    }

    Map<NodeId, DeadPath> remembered() {
        return remembered;
    }

    DeadPathMemory start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                var snapshot = states.snapshot();
                keep(dead());
                states.awaitChange(snapshot.revision(), REFRESH);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<NodeId, DeadPath> dead() {
        var dead = new TreeMap<NodeId, DeadPath>();
        var present = nodes.snapshot();
        states.snapshot().forEach(row -> {
            if (row.getValue().isDead()) {
                present.get(row.getKey())
                        .flatMap(PathProber::address)
                        // Not heard of yet since the start, while its mesh is still being read.
                        .or(() -> Optional.ofNullable(remembered.get(row.getKey()))
                                .map(DeadPath::address))
                        .ifPresent(address -> dead.put(
                                row.getKey(),
                                new DeadPath(address, row.getValue().since())));
            }
        });
        return dead;
    }

    private void keep(Map<NodeId, DeadPath> dead) {
        var now = clock.instant();
        boolean fresh = dead.isEmpty() || now.isBefore(writtenAt.plus(REFRESH));
        if (dead.equals(written) && fresh && !writtenAt.equals(Instant.EPOCH)) {
            return;
        }
        try {
            file.write(dead, now);
            written = dead;
            writtenAt = now;
            failure = "";
        } catch (IOException unwritable) {
            if (!failure.equals(unwritable.toString())) {
                LOG.warn("dead paths would be forgotten at a restart: {}", unwritable.toString());
            }
            failure = unwritable.toString();
        }
    }

    @Override
    public void close() {
        LoopThread.end(thread, LONGEST_CLOSE);
    }
}
