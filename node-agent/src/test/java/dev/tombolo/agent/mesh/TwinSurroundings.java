package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.testkit.twin.MapTarget;
import java.time.Clock;

/** An etcd in memory, and maps instead of the kernel. */
final class TwinSurroundings implements Surroundings {
    private final MemoryStore etcd = new MemoryStore(Clock.systemUTC());
    private final MeshPlans.Targets targets = new MeshPlans.Targets(
            new MapTarget<>(), new MapTarget<>(), new MapTarget<>(), new MapTarget<>(), new MapTarget<>());

    @Override
    public KvStore open() {
        return etcd;
    }

    @Override
    public void cut() {
        etcd.cut();
    }

    @Override
    public void heal() {
        etcd.heal();
    }

    @Override
    public String device() {
        return "wg";
    }

    @Override
    public MeshPlans.Targets targets(MeshTables tables) {
        return targets;
    }

    @Override
    public void close() {}
}
