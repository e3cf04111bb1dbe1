package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.connect.PacketMode;
import dev.tombolo.benchmarks.connect.ServiceMode;
import dev.tombolo.benchmarks.connect.Topology;
import dev.tombolo.benchmarks.connect.Topology.Route;
import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.XdpMode;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.BackendPlaceKey;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The product's programs, with all backends on a node that answers clients itself. */
final class HandedOn implements ServiceMode {
    private static final int ENTRIES = PacketSource.MANY_CONNECTIONS + 100_000;

    private final Neighbour neighbour;
    private final Optional<XdpMode> shortcut;
    private final PacketMode services;

    /** @param shortcut where what is known turns round before the stack, if it does */
    HandedOn(Neighbour neighbour, Optional<XdpMode> shortcut) throws IOException {
        this.neighbour = neighbour;
        this.shortcut = shortcut;
        var clients = Clients.of(Reach.OUTSIDE).direct(true);
        services = new PacketMode(clients, Protocol.UDP, Map.of(OutsideDatapath.CONNECTIONS, ENTRIES));
    }

    @Override
    public String name() {
        return shortcut.map(mode -> "tombolo, xdp " + mode.name().toLowerCase(java.util.Locale.ROOT))
                .orElse("tombolo, tc alone");
    }

    @Override
    public void load(Topology topology, int count) {
        neighbour.move(topology);
        services.load(topology, count);
        try {
            int device = Integer.parseInt(
                    topology.inside(Route.NODE, "cat", "/sys/class/net/" + Topology.CLIENTS + "/ifindex")
                            .strip());
            for (String backend : Topology.BACKENDS) {
                services.datapath()
                        .places()
                        .put(
                                new BackendPlaceKey(IpAddress.parse(backend)),
                                BackendPlace.beside(IpAddress.parse(Neighbour.ADDRESS), device));
            }
            shorten(topology);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void shorten(Topology topology) throws IOException {
        if (shortcut.isPresent()) {
            services.datapath().shorten(Topology.CLIENTS, topology.path(Route.NODE), shortcut.get());
        }
        if (shortcut.equals(Optional.of(XdpMode.NATIVE))) {
            neighbour.take(topology);
        }
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        return services.addOneMicros(topology, count);
    }

    @Override
    public void close() {
        services.close();
    }
}
