package dev.tombolo.bgp.bfd.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Lines from and to clients, on a thread of its own. A client that comes or goes changes nothing. */
final class ControlSocket implements AutoCloseable {
    private static final AtomicLong COUNT = new AtomicLong();

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Map<Long, Client> clients = new HashMap<>();
    private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();

    /** @param to empty: whoever is connected */
    private record Delivery(Optional<Long> to, String line) {}

    /** Called on this socket's thread; must not wait. */
    interface Listener {
        void came(long client);

        void said(long client, String line);

        void went(long client);
    }

    private ControlSocket(ServerSocketChannel server, Selector selector) {
        this.server = server;
        this.selector = selector;
    }

    /** Takes the place of a file that a process before has left. */
    static ControlSocket open(Path path) throws IOException {
        Files.deleteIfExists(path);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        server.configureBlocking(false);
        var selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
        return new ControlSocket(server, selector);
    }

    /** From any thread; delivered in order. */
    void tell(long client, List<String> lines) {
        lines.forEach(line -> deliveries.add(new Delivery(Optional.of(client), line)));
        selector.wakeup();
    }

    void tellAll(String line) {
        deliveries.add(new Delivery(Optional.empty(), line));
        selector.wakeup();
    }

    /** Until it is closed. */
    void run(Listener listener) throws IOException {
        while (selector.isOpen()) {
            selector.select(key -> serve(key, listener));
            for (var delivery = deliveries.poll(); delivery != null; delivery = deliveries.poll()) {
                deliver(delivery, listener);
            }
        }
    }

    private void deliver(Delivery delivery, Listener listener) {
        var receivers = delivery.to().map(List::of).orElseGet(() -> List.copyOf(clients.keySet()));
        for (long id : receivers) {
            var client = clients.get(id);
            if (client != null) {
                attempt(id, listener, () -> client.tell(delivery.line()));
            }
        }
    }

    private void serve(SelectionKey key, Listener listener) {
        if (!(key.attachment() instanceof Long id)) {
            accept(listener);
            return;
        }
        var client = clients.get(id);
        attempt(id, listener, () -> {
            if (key.isWritable()) {
                client.flush();
            }
            if (key.isReadable()) {
                client.read().forEach(line -> listener.said(id, line));
            }
        });
    }

    private interface Exchange {
        void run() throws IOException;
    }

    private void attempt(long id, Listener listener, Exchange exchange) {
        try {
            exchange.run();
        } catch (IOException _) {
            clients.remove(id).close();
            listener.went(id);
        }
    }

    private void accept(Listener listener) {
        try {
            var channel = server.accept();
            if (channel == null) {
                return;
            }
            channel.configureBlocking(false);
            long id = COUNT.incrementAndGet();
            clients.put(id, new Client(channel, channel.register(selector, SelectionKey.OP_READ, id)));
            listener.came(id);
        } catch (IOException _) {
            // Whoever it was has gone again.
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
        clients.values().forEach(Client::close);
    }
}
