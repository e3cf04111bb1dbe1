package dev.tombolo.lab.apiserver;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server's end of a WebSocket (RFC 6455), of binary messages; writing is safe for many threads. */
final class WebSocket {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int LAST = 0x80;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MOST = 1 << 20;

    private final DataInputStream in;
    private final OutputStream out;

    private WebSocket(RawConnection connection) {
        in = new DataInputStream(connection.in());
        out = connection.out();
    }

    /** Answers the client's wish to switch to one, with that subprotocol. */
    static WebSocket accept(HttpExchange exchange, String protocol) throws IOException {
        var socket = new WebSocket(RawConnection.of(exchange));
        String key = exchange.getRequestHeaders().getFirst("Sec-WebSocket-Key");
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accepted(key) + "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n";
        socket.out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.out.flush();
        return socket;
    }

    private static String accepted(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }

    /** The next message; empty when the client is done. */
    byte[] receive() throws IOException {
        var message = new ByteArrayOutputStream();
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = payload();
            switch (first & 0x0F) {
                case CLOSE -> {
                    return new byte[0];
                }
                case PING -> frame(PONG, payload);
                case PONG -> {}
                default -> message.write(payload);
            }
            boolean data = (first & 0x0F) < CLOSE;
            if (data && (first & LAST) != 0) {
                return message.toByteArray();
            }
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        long length = switch (second & 0x7F) {
            case 126 -> in.readUnsignedShort();
            case 127 -> in.readLong();
            default -> second & 0x7F;
        };
        if ((second & 0x80) == 0 || length < 0 || length > MOST) {
            throw new EOFException("a client's frame is masked, and no longer than " + MOST + " bytes");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    /** A binary message: the channel, and what goes into it. */
    void send(int channel, byte[] bytes, int length) throws IOException {
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, length);
        frame(BINARY, message);
    }

    void close() throws IOException {
        frame(CLOSE, new byte[] {1000 >> 8, (byte) (1000 & 0xFF)});
    }

    private synchronized void frame(int kind, byte[] payload) throws IOException {
        out.write(LAST | kind);
        if (payload.length < 126) {
            out.write(payload.length);
        } else {
            out.write(126 + (payload.length > 0xFFFF ? 1 : 0));
            for (int shift = payload.length > 0xFFFF ? 56 : 8; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.write(payload);
        out.flush();
    }
}
