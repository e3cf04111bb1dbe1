package dev.tombolo.benchmarks.outside;

import dev.tombolo.benchmarks.kernel.Frames;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.outside.ServiceTranslation;
import dev.tombolo.bpf.outside.ServiceTuple;
import dev.tombolo.bpf.service.BackendKey;
import dev.tombolo.bpf.service.BackendRow;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceFrontend;
import dev.tombolo.bpf.service.ServiceFrontendKey;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.bpf.service.ServiceSlotKey;
import dev.tombolo.bpf.service.ServiceSource;
import dev.tombolo.bpf.service.ServiceSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/** The programs that serve clients outside, attached nowhere, with so many services of as many backends each. */
final class OutsideObject implements AutoCloseable {
    /** The verdict of a packet that the stack or another program decides on. */
    static final int PASSED = -1;

    private static final IpAddress SERVICES = IpAddress.parse("20.0.0.1");
    private static final IpAddress BACKENDS = IpAddress.parse("10.0.0.1");
    private static final int NONE = -1;
    private static final int PORT = 80;
    private static final int BACKEND_PORT = 8_080;

    private final int services;
    private final BpfObject object;
    private final BpfMap<ServiceTuple, ServiceTranslation> connections;

    OutsideObject(int services, int backends, int connections) throws IOException {
        this(services, backends, connections, NONE);
    }

    /** @param gone the number of a backend that each service has lost */
    OutsideObject(int services, int backends, int connections, int gone) throws IOException {
        this.services = services;
        int rows = Math.max(services * backends, 1_024);
        // Room for two tables of a service: tables get half of the map.
        int tables = backends > 32 ? 4 * 16_381 : 0;
        object = BpfObject.open("packet_lb")
                .maxEntries("svc_fe", Math.max(services, 1_024))
                .maxEntries("svc_slot", Math.max(rows, tables))
                .maxEntries("svc_backend", rows)
                .maxEntries("lb_nat", 2 * connections)
                .load();
        this.connections = object.map("lb_nat", ServiceTuple.class, ServiceTranslation.class);
        fill(services, backends, gone);
    }

    private void fill(int services, int backends, int gone) throws IOException {
        var maps = new ServiceMaps(
                object.map("svc_fe", ServiceFrontendKey.class, ServiceFrontend.class),
                object.map("svc_slot", ServiceSlotKey.class, ServiceSlot.class),
                object.map("svc_backend", BackendKey.class, BackendRow.class),
                object.map("svc_source", ServiceSourceKey.class, ServiceSource.class));
        var entries = new HashMap<ServiceKey, ServiceEntry>();
        for (int service = 0; service < services; service++) {
            var key = new ServiceKey(SERVICES.plus(service), PORT, Protocol.TCP);
            entries.put(key, new ServiceEntry(backends(service, backends, gone), true, Clients.of(Reach.OUTSIDE)));
        }
        var failures = maps.putAll(entries);
        if (!failures.isEmpty()) {
            throw new IOException(
                    "services were refused: " + failures.values().iterator().next());
        }
    }

    private static List<ServiceBackend> backends(int service, int count, int gone) {
        return IntStream.range(0, count)
                .filter(backend -> backend != gone)
                .mapToObj(backend -> new ServiceBackend(
                        BACKENDS.plus((long) service * count + backend), BACKEND_PORT, 1, BackendState.ACTIVE))
                .toList();
    }

    /** The address of a backend of the first service. */
    static IpAddress backend(int number) {
        return BACKENDS.plus(number);
    }

    /** A segment of a client's connection; neighbours in number are of services far apart. */
    byte[] segment(IpAddress client, int port, int number) {
        return Frames.tcp(client, port, SERVICES.plus(number * 7_919L % services), PORT);
    }

    BpfObject.TestRun in(byte[] frame) throws BpfException {
        return object.testRun("lb_in", frame, 0, 0);
    }

    BpfObject.TestRun out(byte[] frame) throws BpfException {
        return object.testRun("lb_out", frame, 0, 0);
    }

    /** Begins a connection; returns its opening segment as it goes on to a backend. */
    byte[] open(byte[] segment) throws BpfException {
        var run = in(Frames.opening(segment));
        if (run.verdict() != PASSED || Frames.destination(run.packet()).equals(Frames.destination(segment))) {
            throw new IllegalStateException("a connection got no backend");
        }
        return run.packet();
    }

    /** Halves of connections, two each. */
    int halves() throws BpfException {
        return connections.count();
    }

    @Override
    public void close() {
        object.close();
    }
}
