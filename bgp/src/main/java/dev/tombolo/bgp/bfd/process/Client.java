package dev.tombolo.bgp.bfd.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** One that has connected. Nobody waits for it: one that does not read is let go when too much lies ready for it. */
final class Client {
    private static final int MOST_UNREAD = 1 << 20;
    private static final int LONGEST_LINE = 1 << 12;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Queue<ByteBuffer> unread = new ArrayDeque<>();
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST_LINE);
    private int unreadBytes;

    Client(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    void tell(String line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        unreadBytes += bytes.remaining();
        unread.add(bytes);
        flush();
        if (unreadBytes > MOST_UNREAD) {
            throw new IOException("the client does not read");
        }
    }

    void flush() throws IOException {
        while (!unread.isEmpty()
                && channel.write(unread.peek()) >= 0
                && !unread.peek().hasRemaining()) {
            unreadBytes -= unread.poll().limit();
        }
        key.interestOps(unread.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    /** The lines that have come. */
    List<String> read() throws IOException {
        if (channel.read(input) < 0) {
            throw new IOException("the client has gone");
        }
        var lines = takeLines();
        if (!input.hasRemaining()) {
            throw new IOException("the client sends a line without end");
        }
        return lines;
    }

    private List<String> takeLines() {
        var lines = new ArrayList<String>();
        int begin = 0;
        for (int i = 0; i < input.position(); i++) {
            if (input.get(i) == '\n') {
                lines.add(new String(input.array(), begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
        input.flip().position(begin);
        input.compact();
        return lines;
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
