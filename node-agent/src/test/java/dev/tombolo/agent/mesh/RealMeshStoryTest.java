package dev.tombolo.agent.mesh;

import java.io.IOException;

/** The same stories on a real etcd and the kernel: what holds on twins only is a fault of a twin. */
class RealMeshStoryTest extends MeshStoryTest {
    @Override
    Surroundings surroundings() throws IOException {
        return new RealSurroundings();
    }
}
