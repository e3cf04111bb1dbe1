package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The kernel's service maps under the names that the plans use. */
public final class KernelServices implements Target<Frontend, ServiceEntry> {
    private final Target<ServiceKey, ServiceEntry> maps;

    public KernelServices(Target<ServiceKey, ServiceEntry> maps) {
        this.maps = maps;
    }

    @Override
    public Map<Frontend, ServiceEntry> observe() throws IOException {
        var rows = new HashMap<Frontend, ServiceEntry>();
        maps.observe().forEach((key, entry) -> rows.put(frontend(key), entry));
        return rows;
    }

    @Override
    public void put(Frontend frontend, ServiceEntry entry) throws IOException {
        maps.put(key(frontend), entry);
    }

    @Override
    public void remove(Frontend frontend) throws IOException {
        maps.remove(key(frontend));
    }

    @Override
    public Map<Frontend, IOException> putAll(Map<Frontend, ServiceEntry> rows) {
        var keyed = new HashMap<ServiceKey, ServiceEntry>();
        rows.forEach((frontend, entry) -> keyed.put(key(frontend), entry));
        var failures = new HashMap<Frontend, IOException>();
        maps.putAll(keyed).forEach((key, failure) -> failures.put(frontend(key), failure));
        return failures;
    }

    private static ServiceKey key(Frontend frontend) {
        var endpoint = frontend.endpoint();
        return new ServiceKey(endpoint.address(), endpoint.port(), frontend.protocol(), frontend.scope());
    }

    private static Frontend frontend(ServiceKey key) {
        return new Frontend(new SocketEndpoint(key.address(), key.port()), key.protocol(), key.scope());
    }
}
