package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.service.BackendSet;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a service with two ports at one address. */
class ServedTest {
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.10");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.11");
    private static final Frontend HTTP = frontend(80);
    private static final Frontend HTTPS = frontend(443);

    private final Table<Frontend, ServiceEntry> frontends = new Table<>("frontends");
    private final Table<String, Boolean> outside = new Table<>("outside");
    private final Served served = new Served(ServedServices.GLOBAL, frontends, outside);

    private static Frontend frontend(int port) {
        return new Frontend(new SocketEndpoint(ADDRESS, port), Protocol.TCP);
    }

    private Set<IpAddress> pending() {
        return served.pending(service(), List.of(ADDRESS, OTHER));
    }

    private static ServedService service() {
        var nobody = new BackendSet(List.of(), List.of(), List.of());
        var ports = new TreeMap<>(Map.of(HTTP, nobody, HTTPS, nobody));
        return new ServedService(new ServiceName("shop", "web"), Optional.empty(), true, Affinity.NONE, true, ports, 0);
    }

    @BeforeEach
    void serve() {
        outside.put(MeshTables.OWN, true);
        frontends.put(HTTP, new ServiceEntry(List.of(), true));
        frontends.put(HTTPS, new ServiceEntry(List.of(), true));
    }

    @Test
    void anAddressWhoseFrontendsTheKernelHasIsServed() {
        assertThat(pending()).as("no frontend is at the other one").containsExactly(OTHER);
    }

    @Test
    void onePortThatIsMissingKeepsItBack() {
        frontends.remove(HTTPS);
        assertThat(pending()).contains(ADDRESS);
    }

    @Test
    void soDoesThatNobodyLooksAtPacketsFromOutside() {
        outside.remove(MeshTables.OWN);
        assertThat(pending()).contains(ADDRESS);
    }

    @Test
    void kubeProxyIsThereUnlessItIsReplacedAndThenForNobodyElsesServices() {
        assertThat(served.isProxied(Optional.of(service()))).isTrue();
        var alone = new Served(ServedServices.ALL, frontends, outside);
        assertThat(alone.isProxied(Optional.of(service()))).isFalse();
        assertThat(alone.isProxied(Optional.empty())).isTrue();
    }
}
