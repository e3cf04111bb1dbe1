package dev.tombolo.bgp.bfd.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client's end: one thread reads, one at a time writes. */
public final class LineChannel implements AutoCloseable {
    private static final int LONGEST_LINE = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST_LINE).flip();

    private LineChannel(SocketChannel channel) {
        this.channel = channel;
    }

    public static LineChannel connect(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new LineChannel(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public void write(Line line) throws IOException {
        var bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Waits for the next. */
    public Line read() throws IOException {
        for (int end = endOfLine(); ; end = endOfLine()) {
            if (end >= 0) {
                var bytes = new byte[end - input.position()];
                input.get(bytes).get();
                return Line.parse(new String(bytes, StandardCharsets.UTF_8));
            }
            fill();
        }
    }

    private int endOfLine() {
        for (int i = input.position(); i < input.limit(); i++) {
            if (input.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void fill() throws IOException {
        input.compact();
        int read = input.hasRemaining() ? channel.read(input) : -1;
        input.flip();
        if (read < 0) {
            throw new IOException("the BFD process has gone");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
