package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More services than a map of the kernel has room for. */
@Timeout(60)
class FullMapTest {
    private static final int ROOM = 6;

    private final Table<ServiceKey, ServiceEntry> desired = new Table<>("services");
    private Path bpffs;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        bpffs = Files.createTempDirectory("tombolo-bpffs");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (bpffs == null) {
            return;
        }
        Datapath.removeAll(bpffs);
        new ProcessBuilder("umount", bpffs.toString()).start().waitFor();
        Files.deleteIfExists(bpffs);
    }

    @Test
    void servicesThatDoNotFitFailAloneByNameAndFitOnceTheMapIsLarger() throws Exception {
        var first = Map.of(key(1), entry(1), key(2), entry(2));
        try (var node = new Node(ROOM)) {
            desired.replaceAll(first);
            desired.markInitialized();
            await().until(() -> node.services.observe().equals(first));

            var more = new HashMap<>(first);
            more.put(key(3), entry(3));
            more.put(key(4), entry(4));
            more.put(key(5), entry(5));
            desired.replaceAll(more);
            await().until(() -> node.loop.failures().size() == 2);
            assertThat(node.loop.failures().keySet()).isSubsetOf(key(3), key(4), key(5));
            assertThat(node.loop.failures().values())
                    .allSatisfy(failure -> assertThat(failure.reason())
                            .contains("map svc_backend refused: E2BIG, the map is full (capacity " + ROOM + ")"));
            assertThat(node.services.observe()).containsAllEntriesOf(first).hasSize(3);

            // Room that is made is used.
            desired.apply(Map.of(), Set.of(key(1)));
            await().until(() -> node.loop.failures().size() == 1);
        }
        try (var node = new Node(2 * ROOM)) {
            await().until(() -> node.services.observe().size() == 4);
            assertThat(node.loop.failures()).isEmpty();
        }
    }

    @Test
    void aMapThatWasMadeTooSmallStartsWithWhatFits() throws Exception {
        try (var node = new Node(2 * ROOM)) {
            desired.replaceAll(Map.of(key(1), entry(1), key(2), entry(2), key(3), entry(3), key(4), entry(4)));
            desired.markInitialized();
            await().until(() -> node.services.observe().size() == 4);
            assertThat(node.loop.failures()).isEmpty();
        }
        try (var node = new Node(ROOM)) {
            await().until(() -> !node.loop.failures().isEmpty());
            desired.remove(key(1));
            await().until(() ->
                    node.services.observe().equals(desired.snapshot().toMap()));
            await().until(() -> node.loop.failures().isEmpty());
        }
    }

    /** The maps of a node and who fills them. Nothing is attached, so that there need be no cgroup. */
    private final class Node implements AutoCloseable {
        private final Datapath datapath;
        private final ServiceMaps services;
        private final Reconciler<ServiceKey, ServiceEntry> loop;

        Node(int backends) throws IOException {
            datapath = Datapath.open(new DatapathOptions(bpffs, bpffs, Map.of("svc_backend", backends)));
            services = datapath.services();
            loop = new Reconciler<>(desired, services, Duration.ofSeconds(30), Clock.systemUTC(), new Random(1))
                    .start();
        }

        @Override
        public void close() {
            loop.close();
            datapath.close();
        }
    }

    private static ServiceKey key(int number) {
        return new ServiceKey(IpAddress.v4(0x0A600000 + number), 80, Protocol.TCP);
    }

    /** Two backends. */
    private static ServiceEntry entry(int number) {
        return new ServiceEntry(List.of(backend(2 * number), backend(2 * number + 1)), true);
    }

    private static ServiceBackend backend(int number) {
        return new ServiceBackend(IpAddress.v4(0xC0000200 + number), 8080, 2, BackendState.ACTIVE);
    }
}
