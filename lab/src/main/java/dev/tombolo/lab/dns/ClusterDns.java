package dev.tombolo.lab.dns;

import dev.tombolo.lab.controller.ClusterState;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Netns;
import dev.tombolo.lab.network.Topology;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;

/** Answers for `service.namespace.svc.cluster.local` on the cluster's control-plane address; one thread serves all. */
public final class ClusterDns implements AutoCloseable {
    private static final String DOMAIN = ".svc.cluster.local";
    private final ClusterState state;
    private final DatagramChannel channel;

    public ClusterDns(Topology.Cluster cluster, ClusterState state) throws IOException {
        this.state = state;
        channel = Netns.within(
                LabHome.namespacePath(cluster.namespace()),
                () -> DatagramChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(cluster.address(), 53)));
        Thread.ofPlatform().name(cluster.name() + "-dns").daemon().start(this::serve);
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(DnsMessage.LIMIT);
        while (channel.isOpen()) {
            try {
                SocketAddress client = channel.receive(buffer.clear());
                Optional<ByteBuffer> answer = DnsMessage.answer(buffer.flip(), this::addresses);
                if (answer.isPresent()) {
                    channel.send(answer.get(), client);
                }
            } catch (IOException _) {
                // A client that went away, or close.
            }
        }
    }

    /** Empty: no such name. */
    private Optional<List<String>> addresses(String name) {
        if (!name.endsWith(DOMAIN)) {
            return Optional.empty();
        }
        String[] parts = name.substring(0, name.length() - DOMAIN.length()).split("\\.");
        if (parts.length != 2) {
            return Optional.empty();
        }
        return Optional.ofNullable(state.service(parts[1], parts[0])).map(this::addresses);
    }

    private List<String> addresses(Service service) {
        if (!"None".equals(service.getSpec().getClusterIP())) {
            return Optional.ofNullable(service.getSpec().getClusterIP()).filter(a -> !a.isEmpty()).stream()
                    .toList();
        }
        return state.slicesOf(service)
                .flatMap(s -> s.getEndpoints().stream())
                .filter(e -> e.getConditions() == null
                        || !Boolean.FALSE.equals(e.getConditions().getReady()))
                .flatMap(e -> e.getAddresses().stream())
                .distinct()
                .toList();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
