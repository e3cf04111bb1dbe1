package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpBackendsTest {
    private static final int SELF = 1;
    private static final int OTHER = 2;
    private static final Frontend DNS =
            new Frontend(new SocketEndpoint(IpAddress.parse("10.96.0.10"), 53), Protocol.UDP);
    private static final SocketEndpoint A = new SocketEndpoint(IpAddress.parse("10.1.0.1"), 53);
    private static final SocketEndpoint B = new SocketEndpoint(IpAddress.parse("10.2.0.1"), 53);

    /** Rows in memory; what happens while one is written is up to the test. */
    private static final class Rows implements Target<Frontend, ServiceEntry> {
        private final Map<Frontend, ServiceEntry> rows = new TreeMap<>();
        private Runnable whileWriting = () -> {};
        private boolean refuses;

        @Override
        public Map<Frontend, ServiceEntry> observe() {
            return Map.copyOf(rows);
        }

        @Override
        public void put(Frontend frontend, ServiceEntry entry) throws IOException {
            whileWriting.run();
            if (refuses) {
                throw new IOException("refused");
            }
            rows.put(frontend, entry);
        }

        @Override
        public void remove(Frontend frontend) {
            whileWriting.run();
            rows.remove(frontend);
        }
    }

    private final Rows maps = new Rows();
    private final UdpBackends backends = new UdpBackends(maps, SELF);
    private final AtomicInteger told = new AtomicInteger();

    @BeforeEach
    void listen() throws IOException {
        backends.put(DNS, entry(A));
        backends.onLeft(told::incrementAndGet);
    }

    @Test
    void whileARowIsWrittenSocketsMayBeAtWhatWasAndAtWhatWillBe() throws IOException {
        var writes = new AtomicInteger();
        maps.whileWriting = () -> {
            writes.incrementAndGet();
            assertThat(keeps(A) && keeps(B)).isTrue();
            assertThat(told).hasValue(0);
        };
        backends.put(DNS, entry(B));
        assertThat(keeps(A)).isFalse();
        assertThat(told).hasValue(1);
        told.set(0);
        assertThat(backends.putAll(Map.of(DNS, entry(A)))).isEmpty();
        assertThat(writes).hasValue(2);
        assertThat(keeps(A)).isTrue();
        assertThat(keeps(B)).isFalse();
        assertThat(told).hasValue(1);
    }

    @Test
    void whatARefusedWriteLeftIsUnknownUntilItIsSeen() throws IOException {
        maps.refuses = true;
        assertThatThrownBy(() -> backends.put(DNS, entry(B))).isInstanceOf(IOException.class);
        assertThat(backends.putAll(Map.of(DNS, entry(B)))).containsOnlyKeys(DNS);
        assertThat(keeps(A) && keeps(B)).isTrue();
        assertThat(told).hasValue(0);
        backends.observe();
        assertThat(keeps(A)).isTrue();
        assertThat(keeps(B)).isFalse();
        assertThat(told).hasValue(1);
    }

    @Test
    void aBackendThatIsMissingWhenTheMapsAreSeenHasLeft() throws IOException {
        backends.observe();
        assertThat(told).hasValue(0);
        maps.rows.clear();
        backends.observe();
        assertThat(told).hasValue(1);
        assertThat(keeps(A)).isFalse();
    }

    @Test
    void aServiceThatIsNotGlobalAnyMoreLeavesThisClustersBackendsAlone() throws IOException {
        backends.remove(DNS);
        assertThat(told).hasValue(1);
        assertThat(backends.keeps(DNS, A, SELF)).isTrue();
        assertThat(backends.keeps(DNS, B, OTHER)).isFalse();
        backends.put(DNS, new ServiceEntry(List.of(), true));
        assertThat(backends.keeps(DNS, A, SELF)).isFalse();
    }

    /** A socket does not tell by which row it was served. */
    @Test
    void aBackendOfAnyRowOfTheServiceIsKept() throws IOException {
        var inside = DNS.in(ServiceScope.INSIDE);
        backends.put(DNS, entry(A));
        backends.put(inside, entry(B));
        assertThat(keeps(A)).isTrue();
        assertThat(keeps(B)).isTrue();
        backends.put(inside, entry(A));
        assertThat(keeps(B)).isFalse();
    }

    private boolean keeps(SocketEndpoint backend) {
        return backends.keeps(DNS, backend, OTHER);
    }

    private static ServiceEntry entry(SocketEndpoint backend) {
        var row = new ServiceBackend(backend.address(), backend.port(), OTHER, BackendState.ACTIVE);
        return new ServiceEntry(List.of(row), true);
    }
}
