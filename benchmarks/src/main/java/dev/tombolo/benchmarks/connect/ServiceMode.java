package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.connect.Topology.Route;

/** One way to reach the backends behind N service addresses. */
public interface ServiceMode extends AutoCloseable {
    String name();

    /** Makes services 0 … count-1 of {@link Topology#SERVICE_BASE} lead to the two backends. */
    void load(Topology topology, int count);

    /** Makes one more service, and says how long that took, in microseconds. */
    double addOneMicros(Topology topology, int count);

    /** The command prefix under which the client runs so that the services work for it. */
    default java.util.List<String> clientPrefix(Topology topology) {
        return topology.in(Route.CLIENT);
    }

    /** The address the client dials for service 0; only the baseline dials a backend itself. */
    default String baseAddress() {
        return Topology.SERVICE_BASE;
    }

    default boolean isDirect() {
        return !baseAddress().equals(Topology.SERVICE_BASE);
    }

    @Override
    default void close() {}
}
