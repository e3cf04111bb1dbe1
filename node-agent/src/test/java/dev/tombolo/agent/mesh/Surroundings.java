package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.StoreSource;
import java.io.IOException;

/** What a story's agent runs on: the local etcd, which may be cut off, and what the plans are applied to. */
interface Surroundings extends StoreSource, AutoCloseable {
    void cut();

    void heal();

    /** The name of the tunnel's device. */
    String device();

    /** For an agent that starts, with what its predecessor has left. */
    MeshPlans.Targets targets(MeshTables tables) throws IOException;

    @Override
    void close() throws IOException;
}
