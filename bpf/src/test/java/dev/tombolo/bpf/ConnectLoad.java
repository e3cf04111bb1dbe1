package dev.tombolo.bpf;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Connects again and again, on two threads, until it is closed; bounded. */
final class ConnectLoad implements AutoCloseable {
    private static final int MOST = 200_000;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final AtomicInteger done = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;
    private volatile boolean over;

    ConnectLoad(String address, int port) {
        threads = IntStream.range(0, 2)
                .mapToObj(i -> Thread.ofPlatform().daemon().start(() -> run(address, port)))
                .toList();
    }

    /** What the server says. */
    static String dial(String address, int port) throws IOException {
        try (var socket = new Socket()) {
            // Else each connection keeps its port for a minute, and there are no more in the end.
            socket.setSoLinger(true, 0);
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new String(socket.getInputStream().readAllBytes());
        }
    }

    private void run(String address, int port) {
        for (int i = 0; i < MOST && !over; i++) {
            try {
                dial(address, port);
            } catch (IOException lost) {
                failures.add(lost.toString());
            }
            done.incrementAndGet();
        }
    }

    void awaitMore(int count) {
        int wanted = done.get() + count;
        await().until(() -> done.get() >= wanted);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        over = true;
        try {
            for (Thread thread : threads) {
                thread.join(2L * TIMEOUT_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
