package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A router of this process at an address of the loopback. In its first connection it does what its script says, in all
 * later ones it behaves: it keeps the session and counts the routes that it is told.
 */
final class ScriptedRouter implements AutoCloseable {
    private static final int OPEN = 1;
    private static final int UPDATE = 2;
    private static final int NOTIFICATION = 3;
    private static final int KEEPALIVE = 4;
    private static final int HEADER = 19;

    private final ServerSocket listener;
    private final long asn;
    private final Script script;
    private final AtomicInteger routes = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger keepalives = new AtomicInteger();
    private volatile boolean behaves;

    /** What is sent in place of an OPEN and of a KEEPALIVE, and what once both sides are established. */
    record Script(byte[] open, byte[] keepalive, byte[] established) {
        static Script onceEstablished(byte[]... messages) {
            return new Script(null, keepAlive(), join(messages));
        }

        static Script insteadOfOpen(byte[]... messages) {
            return new Script(join(messages), new byte[0], new byte[0]);
        }
    }

    ScriptedRouter(String address, long asn, Script script) throws IOException {
        this.asn = asn;
        this.script = script;
        listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        Thread.ofVirtual().name("router " + address).start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int routes() {
        return routes.get();
    }

    int connections() {
        return connections.get();
    }

    /** What was sent before has been read then. */
    void awaitKeepalives(int count) {
        int from = keepalives.get();
        await().atMost(Lab.LONG).until(() -> keepalives.get() >= from + count);
    }

    /** From the next connection on. */
    void behave() {
        behaves = true;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (var connection = listener.accept()) {
                connections.incrementAndGet();
                routes.set(0);
                speak(connection, behaves ? Script.onceEstablished() : script);
            } catch (IOException gone) {
                // The next one.
            }
        }
    }

    private void speak(Socket connection, Script script) throws IOException {
        var in = new DataInputStream(connection.getInputStream());
        var out = connection.getOutputStream();
        boolean established = false;
        while (true) {
            in.skipNBytes(16);
            int length = in.readUnsignedShort();
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(length - HEADER);
            switch (type) {
                case OPEN -> {
                    out.write(script.open() == null ? open(asn, 90, 4) : script.open());
                    out.write(script.keepalive());
                }
                case KEEPALIVE -> {
                    out.write(established ? keepAlive() : script.established());
                    established = true;
                    keepalives.incrementAndGet();
                }
                case UPDATE -> count(body);
                default -> {
                    return;
                }
            }
        }
    }

    /** Of IPv4 and /24 only. */
    private void count(byte[] body) {
        var update = ByteBuffer.wrap(body);
        int withdrawn = update.getShort(0);
        int attributes = update.getShort(2 + withdrawn);
        routes.addAndGet((body.length - 4 - withdrawn - attributes) / 4 - withdrawn / 4);
    }

    static byte[] open(long asn, int holdTime, int version) {
        byte[] capabilities = ByteBuffer.allocate(12)
                .put(new byte[] {1, 4, 0, 1, 0, 1, 65, 4})
                .putInt((int) asn)
                .array();
        return message(
                OPEN,
                ByteBuffer.allocate(24)
                        .put((byte) version)
                        .putShort((short) asn)
                        .putShort((short) holdTime)
                        .put(new byte[] {127, 9, 9, 9})
                        .put((byte) (capabilities.length + 2))
                        .put((byte) 2)
                        .put((byte) capabilities.length)
                        .put(capabilities)
                        .array());
    }

    static byte[] keepAlive() {
        return message(KEEPALIVE);
    }

    static byte[] notification(int code, int subcode, String text) {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[text.isEmpty() ? 2 : 3 + words.length];
        body[0] = (byte) code;
        body[1] = (byte) subcode;
        if (!text.isEmpty()) {
            body[2] = (byte) words.length;
            System.arraycopy(words, 0, body, 3, words.length);
        }
        return message(NOTIFICATION, body);
    }

    static byte[] update(int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return message(UPDATE, bytes);
    }

    static byte[] message(int type, byte... body) {
        byte[] message = new byte[HEADER + body.length];
        Arrays.fill(message, 0, 16, (byte) 0xff);
        ByteBuffer.wrap(message)
                .putShort(16, (short) message.length)
                .put(18, (byte) type)
                .put(HEADER, body);
        return message;
    }

    private static byte[] join(byte[]... messages) {
        var all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
