package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.machine.Netns;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Asks a container how it is, from its node's network namespace as a kubelet does. */
final class ProbeClient {
    private final Path nodeNamespace;
    private final String podAddress;
    private final Container container;

    ProbeClient(Path nodeNamespace, String podAddress, Container container) {
        this.nodeNamespace = nodeNamespace;
        this.podAddress = podAddress;
        this.container = container;
    }

    /** Empty when the answer was good, else what was wrong. */
    Optional<String> ask(Probe probe) {
        int millis = 1000
                * Math.max(1, Optional.ofNullable(probe.getTimeoutSeconds()).orElse(1));
        try {
            if (probe.getTcpSocket() != null) {
                connect(
                                probe.getTcpSocket().getHost(),
                                port(probe.getTcpSocket().getPort()),
                                millis)
                        .close();
                return Optional.empty();
            }
            return probe.getHttpGet() == null
                    ? Optional.of("only http and tcp probes are offered here")
                    : http(probe, millis);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> http(Probe probe, int millis) throws IOException {
        var get = probe.getHttpGet();
        int port = port(get.getPort());
        try (SocketChannel channel = connect(get.getHost(), port, millis)) {
            channel.socket().setSoTimeout(millis);
            String path = Optional.ofNullable(get.getPath()).orElse("/");
            channel.socket()
                    .getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s:%d\r\nUser-Agent: kube-probe/lab\r\nConnection: close\r\n\r\n"
                            .formatted(path, podAddress, port)
                            .getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(
                            new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            boolean good = status != null && status.matches("HTTP/1\\.[01] [23]\\d\\d.*");
            return good ? Optional.empty() : Optional.of("HTTP probe of " + path + " answered: " + status);
        }
    }

    private SocketChannel connect(String host, int port, int millis) throws IOException {
        SocketChannel channel = Netns.within(nodeNamespace, () -> SocketChannel.open(StandardProtocolFamily.INET));
        try {
            channel.socket()
                    .connect(new InetSocketAddress(host == null || host.isEmpty() ? podAddress : host, port), millis);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("connect to " + podAddress + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private int port(IntOrString port) throws IOException {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(p -> port.getStrVal().equals(p.getName()))
                .findFirst()
                .map(ContainerPort::getContainerPort)
                .orElseThrow(() ->
                        new IOException("container " + container.getName() + " has no port named " + port.getStrVal()));
    }
}
