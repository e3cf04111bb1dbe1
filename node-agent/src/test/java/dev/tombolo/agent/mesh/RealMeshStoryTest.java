package dev.tombolo.agent.mesh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.testkit.netns.TunnelProcess;
import java.io.IOException;

/** The same stories on a real etcd and the kernel: what holds on twins only is a fault of a twin. */
class RealMeshStoryTest extends MeshStoryTest {
    @Override
    Surroundings surroundings() throws IOException {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        TunnelProcess.assumeThere();
        return new RealSurroundings();
    }
}
