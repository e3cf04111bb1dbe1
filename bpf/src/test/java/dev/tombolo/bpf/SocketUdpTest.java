package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams of services by sockets of this process; services and backends are all on loopback. */
@Timeout(60)
class SocketUdpTest {
    private static final String VIP = "127.77.0.1";
    private static final ServiceKey UDP = new ServiceKey(IpAddress.parse(VIP), 53, Protocol.UDP);
    private static final SocketDestroyer.Ended NONE = new SocketDestroyer.Ended(0, List.of());

    private AttachedServices kernel;

    @BeforeEach
    void attach() throws Exception {
        kernel = AttachedServices.open();
    }

    @AfterEach
    void leaveNothing() throws Exception {
        if (kernel != null) {
            kernel.close();
        }
    }

    @Test
    void anUnconnectedUdpSocketIsAnsweredByTheServiceAndKeepsItsBackend() throws Exception {
        try (var one = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var two = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"));
                var client = new DatagramSocket(new InetSocketAddress("0.0.0.0", 0))) {
            client.setSoTimeout(5_000);
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(one), backend(two)), false));
            send(client);
            var chosen = receiver(one, two);
            for (int i = 0; i < 8; i++) {
                send(client);
                assertThat(receiver(one, two)).isSameAs(chosen);
            }
            var other = chosen == one ? two : one;
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(other)), false));
            send(client);
            assertThat(receiver(one, two)).isSameAs(other);
        }
    }

    @Test
    void aConnectedUdpSocketIsAnsweredByTheService() throws Exception {
        try (var server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var client = new DatagramSocket()) {
            client.setSoTimeout(5_000);
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(server)), false));
            client.connect(new InetSocketAddress(VIP, 53));
            client.send(new DatagramPacket(new byte[] {1}, 1));
            var packet = new DatagramPacket(new byte[16], 16);
            server.receive(packet);
            server.send(packet);
            client.receive(packet);
            assertThat(packet.getData()[0]).isEqualTo((byte) 1);
        }
    }

    @Test
    void aConnectedUdpSocketToARemovedBackendIsEndedAndOneThatChoseTheAddressItselfIsNot() throws Exception {
        try (var server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var client = new DatagramSocket();
                var direct = new DatagramSocket()) {
            client.setSoTimeout(5_000);
            direct.setSoTimeout(1);
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(server)), false));
            client.connect(new InetSocketAddress(VIP, 53));
            direct.connect(new InetSocketAddress(VIP, 53));
            direct.connect(server.getLocalSocketAddress());
            kernel.services().remove(UDP);
            var sockets = kernel.datapath().socketDestroyer();
            assertThat(sockets.endUdp("", socket -> socket.servicePort() != 53)).isEqualTo(NONE);
            assertThat(sockets.endUdp("", socket -> socket.clusterId() != 1)).isEqualTo(NONE);
            assertThat(sockets.endUdp("", socket -> socket.service().equals(UDP.address())))
                    .isEqualTo(new SocketDestroyer.Ended(1, List.of()));
            assertThat(sockets.endUdp("", _ -> true)).isEqualTo(NONE);
            assertThatThrownBy(() -> client.receive(new DatagramPacket(new byte[1], 1)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
            assertThatThrownBy(() -> direct.receive(new DatagramPacket(new byte[1], 1)))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void aUdpSocketThatChoseAnEarlierBackendItselfIsNotEndedWhateverItDidBetween() throws Exception {
        try (var one = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var two = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"));
                var elsewhere = new DatagramSocket(0, InetAddress.getByName("127.0.0.3"));
                var client = new DatagramSocket()) {
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(one)), false));
            client.connect(new InetSocketAddress(VIP, 53));
            kernel.services().put(UDP, new ServiceEntry(List.of(backend(two)), false));
            client.connect(new InetSocketAddress(VIP, 53));
            client.connect(elsewhere.getLocalSocketAddress());
            client.connect(one.getLocalSocketAddress());
            assertThat(kernel.datapath().socketDestroyer().endUdp("", _ -> true))
                    .isEqualTo(NONE);
        }
    }

    private static void send(DatagramSocket client) throws IOException {
        client.send(new DatagramPacket(new byte[] {7}, 1, new InetSocketAddress(VIP, 53)));
        client.setSoTimeout(5_000);
        pending = client;
    }

    private static DatagramSocket pending;

    /** Which of the two got the datagram; its answer has to come back under the service's address. */
    private static DatagramSocket receiver(DatagramSocket... servers) throws IOException {
        var packet = new DatagramPacket(new byte[16], 16);
        for (int round = 0; round < 20; round++) {
            for (var server : servers) {
                try {
                    server.setSoTimeout(50);
                    server.receive(packet);
                } catch (java.net.SocketTimeoutException notHere) {
                    continue;
                }
                server.send(packet);
                pending.receive(packet);
                assertThat(packet.getSocketAddress()).isEqualTo(new InetSocketAddress(VIP, 53));
                return server;
            }
        }
        throw new AssertionError("no backend got the datagram");
    }

    /** The address of the backend that answered, in its own words. */
    private static ServiceBackend backend(DatagramSocket server) {
        return new ServiceBackend(
                IpAddress.parse(server.getLocalAddress().getHostAddress()),
                server.getLocalPort(),
                1,
                BackendState.ACTIVE);
    }
}
