package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Real sockets on loopback; two addresses of it tell the connections apart. */
class TcpConnectionsTest {
    private static final int LONGEST_WAIT_MS = 10_000;

    @Test
    void endsTheChosenConnectionsOfAPortAndNoOther() throws Exception {
        try (var server = listen("0.0.0.0");
                var other = listen("127.0.0.2");
                var honest = connect("127.0.0.1", server);
                var honestEnd = server.accept();
                var revoked = connect("127.0.0.2", server);
                var revokedEnd = server.accept();
                var elsewhere = connect("127.0.0.2", other);
                var elsewhereEnd = other.accept();
                var connections = TcpConnections.open()) {
            int ended = connections.end(
                    server.getLocalPort(),
                    connection -> connection.local().address().toString().equals("127.0.0.2"));

            assertThat(ended).isEqualTo(1);
            assertThatThrownBy(() -> revoked.getInputStream().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> revokedEnd.getOutputStream().write(1)).isInstanceOf(IOException.class);
            echoes(honest, honestEnd);
            echoes(elsewhere, elsewhereEnd);
            assertThat(connections.end(server.getLocalPort(), _ -> true)).isEqualTo(1);
        }
    }

    @Test
    void aPortWithoutConnectionsIsNoFailure() throws Exception {
        try (var server = listen("127.0.0.1");
                var connections = TcpConnections.open()) {
            assertThat(connections.end(server.getLocalPort(), _ -> true)).isZero();
        }
    }

    @Test
    void seesIpv4ClientsOfAServerThatListensOnBothFamilies() throws Exception {
        try (var server = listen("::");
                var client = connect("127.0.0.1", server);
                var serverEnd = server.accept();
                var connections = TcpConnections.open()) {
            int ended = connections.end(
                    server.getLocalPort(),
                    connection -> connection.remote().address().isLoopback());

            assertThat(ended).isEqualTo(1);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
            assertThat(serverEnd.isConnected()).isTrue();
        }
    }

    private static ServerSocket listen(String address) throws IOException {
        return new ServerSocket(0, 10, InetAddress.getByName(address));
    }

    private static Socket connect(String address, ServerSocket server) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(LONGEST_WAIT_MS);
        socket.connect(new InetSocketAddress(address, server.getLocalPort()), LONGEST_WAIT_MS);
        return socket;
    }

    private static void echoes(Socket client, Socket server) throws IOException {
        server.getOutputStream().write(7);
        assertThat(client.getInputStream().read()).isEqualTo(7);
    }
}
