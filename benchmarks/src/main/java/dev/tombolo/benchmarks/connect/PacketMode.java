package dev.tombolo.benchmarks.connect;

import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The product's programs for clients outside, at the node's device to the client. Backends see the client itself, as they do
 * with the kernel's rules here.
 */
final class PacketMode implements ServiceMode {
    private final EbpfMode services;
    private final OutsideDatapath datapath;

    PacketMode() throws IOException {
        services = new EbpfMode(Clients.of(Reach.OUTSIDE_LOCAL));
        datapath = OutsideDatapath.open(services.options());
    }

    @Override
    public String name() {
        return "tombolo-packets";
    }

    @Override
    public void load(Topology topology, int count) {
        services.load(topology, count);
        try {
            datapath.attachUplink(Topology.CLIENTS, topology.path(Topology.Route.NODE));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public double addOneMicros(Topology topology, int count) {
        return services.addOneMicros(topology, count);
    }

    @Override
    public void close() {
        datapath.close();
        services.close();
    }
}
