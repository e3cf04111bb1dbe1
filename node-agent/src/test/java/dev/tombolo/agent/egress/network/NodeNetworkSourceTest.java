package dev.tombolo.agent.egress.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeNetworkSourceTest {
    private final Table<String, NodeNetwork> table = new Table<>("node network");
    private TestNamespace namespace;
    private Netlink netlink;

    @BeforeEach
    void open() throws IOException {
        namespace = TestNamespace.create();
        netlink = Netlink.openIn(namespace.path());
    }

    @AfterEach
    void close() throws IOException {
        netlink.close();
        namespace.close();
    }

    private Optional<NodeNetwork> network() {
        return table.snapshot().get(MeshTables.OWN);
    }

    @Test
    void aFaultOfOursIsSaidAndReadingGoesOn() throws IOException {
        var faulty = new AtomicBoolean(true);
        table.onChange(() -> {
            if (faulty.get()) {
                throw new IllegalStateException("a fault");
            }
        });
        try (var source = new NodeNetworkSource(netlink, table).start()) {
            await().until(() -> source.failure().isPresent());
            assertThat(source.failure().orElseThrow())
                    .isEqualTo("the node's network cannot be read: java.lang.IllegalStateException: a fault");
            faulty.set(false);
            namespace.run("ip link add v0 type veth peer name v1");
            source.lookAgain();
            await().until(() -> network().orElseThrow().link("v0").isPresent());
            await().until(() -> source.failure().isEmpty());
        }
    }
}
