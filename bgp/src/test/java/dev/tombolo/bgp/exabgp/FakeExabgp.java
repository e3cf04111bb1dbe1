package dev.tombolo.bgp.exabgp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** At the far end of the bridge's socket: it takes every command and holds the neighbours that it is said to. */
final class FakeExabgp implements AutoCloseable {
    final List<String> commands = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private volatile String neighbours = "";
    private volatile Optional<SocketChannel> client = Optional.empty();

    FakeExabgp(Path socket) throws IOException {
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    /** As {@code show neighbor extensive} prints them. */
    void holds(String text) {
        neighbours = text;
    }

    /** Its bridge dies; a new one is there at once. */
    void dropClient() throws IOException {
        if (client.isPresent()) {
            client.get().close();
        }
    }

    private void serve() {
        while (listener.isOpen()) {
            try (var channel = listener.accept()) {
                client = Optional.of(channel);
                answer(channel);
            } catch (IOException gone) {
                // The next one.
            }
        }
    }

    private void answer(SocketChannel channel) throws IOException {
        var lines =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            commands.add(line);
            String words = switch (line) {
                case "version" -> "exabgp 4.2.21\n";
                case "show neighbor extensive" -> neighbours;
                default -> "";
            };
            if (!line.equals("reset")) {
                channel.write(StandardCharsets.US_ASCII.encode(words + "done\n"));
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropClient();
    }
}
