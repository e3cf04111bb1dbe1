package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.Affinity;
import dev.tombolo.model.service.ServiceName;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A local Service that is served here, with the backends it has now.
 *
 * @param created when; unknown of one that does not say
 * @param global whether backends of other clusters may join
 * @param ports by frontend: cluster address, port and protocol
 * @param waiting remote backends whose path is not in place yet, and which are therefore not offered
 */
public record ServedService(
        ServiceName name,
        Optional<Instant> created,
        boolean global,
        Affinity affinity,
        boolean shared,
        Map<Frontend, BackendSet> ports,
        int waiting) {
    /** The oldest one, or of twins the first by name; those that do not tell come last. */
    static final Comparator<ServedService> OLDEST_FIRST = Comparator.<ServedService, Instant>comparing(
                    service -> service.created().orElse(Instant.MAX))
            .thenComparing(ServedService::name);

    public ServedService {
        ports = java.util.Collections.unmodifiableMap(new TreeMap<>(ports));
    }

    /** How many distinct addresses are avoided because the path to them is dead. */
    public long deadAddresses() {
        return ports.values().stream()
                .flatMap(set -> set.dead().stream())
                .map(backend -> backend.endpoint().address())
                .distinct()
                .count();
    }

    /** How many distinct addresses of this cluster, or of others, new connections can reach. */
    public long activeAddresses(java.util.function.Predicate<Backend> which) {
        return ports.values().stream()
                .flatMap(set -> set.active().stream())
                .filter(which)
                .map(backend -> backend.endpoint().address())
                .distinct()
                .count();
    }

    /** Whether it has an entry at a place, for whomever. */
    boolean claims(Frontend place) {
        return Arrays.stream(ServiceScope.values()).anyMatch(scope -> ports.containsKey(place.in(scope)));
    }

    /** The addresses of backends that serve clients outside, wherever they are. */
    public Set<IpAddress> backendsOfOutside() {
        return ports.values().stream()
                .filter(set -> set.clients().reach() == Reach.OUTSIDE)
                .flatMap(set -> Stream.concat(set.active().stream(), set.draining().stream()))
                .map(backend -> backend.endpoint().address())
                .collect(Collectors.toSet());
    }

    /** The cluster addresses of the service. */
    public java.util.List<IpAddress> addresses() {
        return ports.keySet().stream()
                .map(frontend -> frontend.endpoint().address())
                .distinct()
                .toList();
    }
}
