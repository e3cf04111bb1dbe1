package dev.tombolo.benchmarks.connect;

import dev.tombolo.bpf.OutsideDatapath;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The product's programs for clients outside, at the node's device to the client. By default backends see the client itself,
 * as they do with the kernel's rules here.
 */
public final class PacketMode implements ServiceMode {
    private final EbpfMode services;
    private final OutsideDatapath datapath;

    PacketMode() throws IOException {
        this(Clients.of(Reach.OUTSIDE_LOCAL), Protocol.TCP, Map.of());
    }

    /**
     * For those clients.
     *
     * @param mapSizes of other maps than those of services
     */
    public PacketMode(Clients clients, Protocol protocol, Map<String, Integer> mapSizes) throws IOException {
        services = new EbpfMode(clients, protocol, mapSizes);
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

    public OutsideDatapath datapath() {
        return datapath;
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
