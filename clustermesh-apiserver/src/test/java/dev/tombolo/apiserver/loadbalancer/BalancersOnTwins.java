package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.AddressPoolEventPlan.PoolEvent;
import dev.tombolo.apiserver.loadbalancer.Balancing.ServiceBuilder;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The controller between tables: what it writes is what it reads next, at once or, where that is delayed, when told to. */
final class BalancersOnTwins extends Clock implements LoadBalancerController.Reports {
    final Table<String, AddressPoolObject> pools = new Table<>("pools");
    final Table<ObjectKey, KubeService> services = new Table<>("services");
    final List<String> writes = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    final Set<String> stale = new HashSet<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean elected = true;
    boolean wanted = true;
    boolean delayed;
    private final Map<ObjectKey, KubeService> undelivered = new HashMap<>();
    private final LoadBalancerController controller =
            new LoadBalancerController(pools, services, this, () -> elected, this);

    BalancersOnTwins() {
        this(true);
    }

    BalancersOnTwins(boolean poolsAreRead) {
        services.markInitialized();
        if (poolsAreRead) {
            pools.markInitialized();
        }
    }

    void pool(AddressPoolObject pool) {
        pools.put(pool.name(), pool);
    }

    void service(ServiceBuilder service) {
        KubeService row = service.row();
        services.put(row.key(), row);
    }

    void pass() throws IOException {
        controller.pass();
    }

    void deliver() {
        undelivered.forEach(services::put);
        undelivered.clear();
    }

    void forgetWrites() {
        undelivered.clear();
        writes.clear();
    }

    String shown(String service) {
        var row = services.snapshot().get(new ObjectKey("shop", service)).orElseThrow();
        return row.loadBalancerIps() + " "
                + row.loadBalancing()
                        .condition()
                        .map(condition -> condition.status() + " " + condition.reason())
                        .orElse("");
    }

    /** Of a count what it counts to, of anything else what is the case. */
    String shownOfPool(String pool) {
        return conditions(pool).stream()
                .map(condition -> condition.type().substring(condition.type().indexOf('/') + 1) + "="
                        + (condition.status().equals("Unknown")
                                ? condition.message()
                                : condition.status() + " " + condition.reason()))
                .collect(Collectors.joining(", "));
    }

    String condition(String pool, String type) {
        return conditions(pool).stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> condition.status() + " " + condition.reason() + ": " + condition.message())
                .findFirst()
                .orElse("");
    }

    private List<ObservedCondition> conditions(String pool) {
        return pools.snapshot().get(pool).orElseThrow().status().conditions();
    }

    @Override
    public boolean wanted() {
        return wanted;
    }

    @Override
    public boolean addresses(KubeService read, List<IpAddress> addresses, Optional<ObservedCondition> condition)
            throws IOException {
        String name = read.key().name();
        if (broken.contains(name)) {
            throw new IOException("status of " + name + " refused");
        }
        if (stale.contains(name) || !isAsRead(read)) {
            return false;
        }
        boolean onlyTakes = addresses.size() < read.loadBalancerIps().size();
        writes.add(onlyTakes ? name + " [take]" : name);
        var now = read.with(addresses, condition);
        if (delayed) {
            undelivered.put(read.key(), now);
        } else {
            services.put(read.key(), now);
        }
        return true;
    }

    @Override
    public boolean isAsRead(KubeService service) {
        var current = Optional.ofNullable(undelivered.get(service.key()))
                .or(() -> services.snapshot().get(service.key()));
        return current.equals(Optional.of(service));
    }

    @Override
    public void poolStatus(String pool, AddressPoolObject.Status status) {
        writes.add("pool " + pool);
        var old = pools.snapshot().get(pool).orElseThrow();
        pools.put(
                pool,
                new AddressPoolObject(
                        pool, old.uid(), old.generation(), old.created(), old.spec(), old.unreadable(), status));
    }

    @Override
    public void poolEvent(AddressPoolObject pool, PoolEvent event) {
        events.add(pool.name() + " " + event.severity() + " " + event.reason() + ": " + event.message());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
