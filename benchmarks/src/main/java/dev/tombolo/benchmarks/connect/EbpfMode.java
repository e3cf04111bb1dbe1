package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.kernel.Sandbox;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The product's own service map, in a control group and a file system of eBPF objects of this process alone. */
final class EbpfMode implements ServiceMode {
    private static final int MOST_SERVICES = 131_072;

    private final Clients clients;
    private final Protocol protocol;
    private final Sandbox sandbox;
    private final Datapath datapath;

    EbpfMode() throws IOException {
        this(Clients.OF_CLUSTER, Protocol.TCP, Map.of());
    }

    /**
     * With services for those clients.
     *
     * @param mapSizes of other maps than those of services
     */
    EbpfMode(Clients clients, Protocol protocol, Map<String, Integer> mapSizes) throws IOException {
        this.clients = clients;
        this.protocol = protocol;
        var sizes = new HashMap<>(mapSizes);
        sizes.putAll(Map.of("svc_fe", MOST_SERVICES, "svc_slot", 4 * MOST_SERVICES, "svc_backend", 4 * MOST_SERVICES));
        sandbox = Sandbox.open(sizes);
        datapath = sandbox.datapath();
        datapath.attachServices();
    }

    @Override
    public String name() {
        return "tombolo-ebpf";
    }

    @Override
    public void load(Topology topology, int count) {
        var rows = new LinkedHashMap<ServiceKey, ServiceEntry>();
        for (int service = 0; service < count; service++) {
            rows.put(key(service), entry());
        }
        try {
            var failures = datapath.services().putAll(rows);
            if (!failures.isEmpty()) {
                throw new IllegalStateException(
                        "services were refused: " + failures.values().iterator().next());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        try {
            var services = datapath.services();
            long begin = System.nanoTime();
            services.put(key(count), entry());
            return (System.nanoTime() - begin) / 1e3;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ServiceKey key(int service) {
        return new ServiceKey(KernelModes.serviceAddress(service), Topology.SERVICE_PORT, protocol);
    }

    private ServiceEntry entry() {
        return new ServiceEntry(
                Topology.BACKENDS.stream()
                        .map(address -> new ServiceBackend(
                                IpAddress.parse(address), Topology.BACKEND_PORT, 1, BackendState.ACTIVE))
                        .toList(),
                true,
                clients);
    }

    DatapathOptions options() {
        return sandbox.options();
    }

    @Override
    public List<String> clientPrefix(Topology topology) {
        var prefix = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + sandbox.cgroup() + "/cgroup.procs; exec \"$@\"", "sh"));
        prefix.addAll(ServiceMode.super.clientPrefix(topology));
        return prefix;
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
