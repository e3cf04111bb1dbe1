package dev.tombolo.agent.service;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How many addresses are behind services. An address counts once for a service, whatever ports it has.
 *
 * @param here in this cluster
 * @param elsewhere in others
 */
public record ServiceCounts(Map<State, Integer> here, Map<State, Integer> elsewhere) {
    /** As {@link BackendSet} has them. */
    public enum State {
        ACTIVE,
        DRAINING,
        DEAD
    }

    /** Nothing. */
    public static final ServiceCounts NONE = new ServiceCounts(Map.of(), Map.of());

    public static ServiceCounts of(ServedService service, ClusterName self) {
        var here = new EnumMap<State, Integer>(State.class);
        var elsewhere = new EnumMap<State, Integer>(State.class);
        for (var state : State.values()) {
            var addresses = addresses(service.ports().values(), list(state));
            int own = (int) addresses.values().stream().filter(self::equals).count();
            here.put(state, own);
            elsewhere.put(state, addresses.size() - own);
        }
        return new ServiceCounts(here, elsewhere);
    }

    private static Function<BackendSet, List<Backend>> list(State state) {
        return switch (state) {
            case ACTIVE -> BackendSet::active;
            case DRAINING -> BackendSet::draining;
            case DEAD -> BackendSet::dead;
        };
    }

    private static Map<IpAddress, ClusterName> addresses(
            Collection<BackendSet> sets, Function<BackendSet, List<Backend>> list) {
        var addresses = new java.util.HashMap<IpAddress, ClusterName>();
        // Those under several addresses of a service are mostly the same ones.
        Set<List<Backend>> seen = new HashSet<>();
        sets.stream()
                .map(list)
                .filter(seen::add)
                .forEach(backends -> backends.forEach(
                        backend -> addresses.put(backend.endpoint().address(), backend.cluster())));
        return addresses;
    }

    public ServiceCounts plus(ServiceCounts other) {
        return new ServiceCounts(sum(here, other.here), sum(elsewhere, other.elsewhere));
    }

    private static Map<State, Integer> sum(Map<State, Integer> one, Map<State, Integer> other) {
        var sum = new EnumMap<State, Integer>(State.class);
        for (var state : State.values()) {
            sum.put(state, one.getOrDefault(state, 0) + other.getOrDefault(state, 0));
        }
        return sum;
    }
}
