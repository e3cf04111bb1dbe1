package dev.tombolo.wireguard;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** One request and its answer over the socket of a user-space WireGuard; a process that hangs is an error, not a wait. */
record UapiSocket(Path path, Duration limit) {
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    /** Empty where nobody listens. Requests and answers end with an empty line. */
    Optional<String> exchange(String request) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            if (!connect(channel)) {
                return Optional.empty();
            }
            channel.configureBlocking(false);
            return Optional.of(exchange(channel, channel.register(selector, SelectionKey.OP_WRITE), request));
        }
    }

    private boolean connect(SocketChannel channel) throws IOException {
        try {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException refused) {
            return false; // the file of a process that has died
        } catch (SocketException gone) {
            if (Files.exists(path)) {
                throw gone;
            }
            return false;
        }
    }

    private String exchange(SocketChannel channel, SelectionKey key, String request) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        try {
            var out = ByteBuffer.wrap(bytes);
            while (out.hasRemaining()) {
                if (channel.write(out) == 0) {
                    await(key, deadline);
                }
            }
        } finally {
            Arrays.fill(bytes, (byte) 0); // it may have held a private key
        }
        key.interestOps(SelectionKey.OP_READ);
        return answer(channel, key, deadline);
    }

    private String answer(SocketChannel channel, SelectionKey key, long deadline) throws IOException {
        var text = new StringBuilder();
        var buffer = ByteBuffer.allocate(16 * 1024);
        while (text.length() < MOST_BYTES) {
            int read = channel.read(buffer.clear());
            if (read < 0) {
                throw new IOException(path + " closed before its answer was complete");
            }
            if (read == 0) {
                await(key, deadline);
            }
            text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            if (isComplete(text)) {
                return text.toString();
            }
        }
        throw new IOException(path + " answered more than " + MOST_BYTES + " bytes");
    }

    private static boolean isComplete(StringBuilder text) {
        int length = text.length();
        return length >= 2 && text.charAt(length - 1) == '\n' && text.charAt(length - 2) == '\n';
    }

    private void await(SelectionKey key, long deadline) throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0 || key.selector().select(millis) == 0) {
            throw new IOException(path + " gave no answer within " + limit.toSeconds() + " s");
        }
        key.selector().selectedKeys().clear();
    }
}
