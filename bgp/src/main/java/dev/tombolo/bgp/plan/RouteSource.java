package dev.tombolo.bgp.plan;

import dev.tombolo.model.service.ServiceName;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whose prefixes.
 *
 * @param service empty for what the node has of its own
 */
public record RouteSource(Optional<ServiceName> service) implements Comparable<RouteSource> {
    public static final RouteSource NODE = new RouteSource(Optional.empty());
    private static final Comparator<RouteSource> ORDER = Comparator.comparing(
            source -> source.service().orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));

    public static RouteSource of(ServiceName service) {
        return new RouteSource(Optional.of(service));
    }

    @Override
    public int compareTo(RouteSource other) {
        return ORDER.compare(this, other);
    }
}
