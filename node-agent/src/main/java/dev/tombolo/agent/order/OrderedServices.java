package dev.tombolo.agent.order;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Services, counted by the addresses that they lead to. One writer at a time, so that what is read is what is there. */
public final class OrderedServices implements Target<Frontend, ServiceEntry> {
    private final Target<Frontend, ServiceEntry> target;
    private final RemovalOrder order;
    private final int self;

    OrderedServices(Target<Frontend, ServiceEntry> target, RemovalOrder order, int self) {
        this.target = target;
        this.order = order;
        this.self = self;
    }

    @Override
    public synchronized Map<Frontend, ServiceEntry> observe() throws IOException {
        var rows = target.observe();
        var addresses = new HashMap<Frontend, Set<IpAddress>>();
        rows.forEach((frontend, entry) -> addresses.put(frontend, remote(entry)));
        List<Again.Waiter<?>> free;
        synchronized (order) {
            free = order.used().see(addresses);
        }
        RemovalOrder.release(free);
        return rows;
    }

    @Override
    public synchronized void put(Frontend frontend, ServiceEntry entry) throws IOException {
        claim(frontend, entry);
        target.put(frontend, entry);
        settle(Map.of(frontend, entry));
    }

    @Override
    public synchronized Map<Frontend, IOException> putAll(Map<Frontend, ServiceEntry> rows) {
        var failures = new LinkedHashMap<Frontend, IOException>();
        var claimed = new LinkedHashMap<Frontend, ServiceEntry>();
        rows.forEach((frontend, entry) -> {
            try {
                claim(frontend, entry);
                claimed.put(frontend, entry);
            } catch (IOException noPath) {
                failures.put(frontend, noPath);
            }
        });
        var refused = claimed.isEmpty() ? Map.<Frontend, IOException>of() : target.putAll(claimed);
        failures.putAll(refused);
        claimed.keySet().removeAll(refused.keySet());
        settle(claimed);
        return failures;
    }

    @Override
    public synchronized void remove(Frontend frontend) throws IOException {
        target.remove(frontend);
        List<Again.Waiter<?>> free;
        synchronized (order) {
            free = order.used().keepOnly(frontend, Set.of());
        }
        RemovalOrder.release(free);
    }

    /** A plan may be older than the path is gone; the one that knows is on its way. */
    private void claim(Frontend frontend, ServiceEntry entry) throws IOException {
        var addresses = remote(entry);
        synchronized (order) {
            for (IpAddress address : addresses) {
                if (!order.isInPlace(address)) {
                    throw new IOException("the path to its backend " + address + " has just gone");
                }
            }
            order.used().add(frontend, addresses);
        }
    }

    private void settle(Map<Frontend, ServiceEntry> written) {
        var free = new ArrayList<Again.Waiter<?>>();
        synchronized (order) {
            written.forEach((frontend, entry) -> free.addAll(order.used().keepOnly(frontend, remote(entry))));
        }
        RemovalOrder.release(free);
    }

    private Set<IpAddress> remote(ServiceEntry entry) {
        return entry.backends().stream()
                .filter(backend -> backend.clusterId() != self)
                .map(ServiceBackend::address)
                .collect(Collectors.toSet());
    }
}
