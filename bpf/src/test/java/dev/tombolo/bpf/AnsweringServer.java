package dev.tombolo.bpf;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Tells every client the address that it listens at, and ends the connection. */
record AnsweringServer(String address, ServerSocket socket) implements AutoCloseable {
    static AnsweringServer start(String address) throws IOException {
        var server = new AnsweringServer(address, new ServerSocket(0, 50, InetAddress.getByName(address)));
        Thread.ofVirtual().start(server::answer);
        return server;
    }

    private void answer() {
        while (!socket.isClosed()) {
            try (var client = socket.accept()) {
                client.getOutputStream().write(address.getBytes());
            } catch (IOException closed) {
                // The test is over, or a client left early.
            }
        }
    }

    ServiceBackend backend() {
        return new ServiceBackend(IpAddress.parse(address), socket.getLocalPort(), 1, BackendState.ACTIVE);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
