package dev.tombolo.bgp.bfd;

import dev.tombolo.bgp.bfd.control.Line;
import dev.tombolo.bgp.bfd.control.LineChannel;
import dev.tombolo.bgp.bfd.control.SessionWords;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Watches by way of the BFD process. Its own thread connects, again and again where nobody listens, and says each time what
 * is wanted: the process may be a new one.
 */
public final class BfdClient implements LivenessDetector {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final Path socket;
    private final Listener listener;
    private final ReportMemory reports = new ReportMemory();
    private final Thread thread;
    private Optional<Map<BfdPath, SessionSettings>> wanted = Optional.empty();
    private LineChannel connection;
    private volatile DetectorCounts counts = DetectorCounts.NONE;
    private Optional<Instant> deafSince = Optional.of(Instant.now());
    private volatile boolean closed;

    private BfdClient(Path socket, Listener listener) {
        this.socket = socket;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("bfd-client").unstarted(this::run);
    }

    /** Nothing is asked of the process before the first {@link #watch}: it goes on with what it remembers. */
    public static BfdClient start(Path socket, Listener listener) {
        var client = new BfdClient(socket, listener);
        client.thread.start();
        return client;
    }

    @Override
    public synchronized void watch(Map<BfdPath, SessionSettings> paths) {
        wanted = Optional.of(Map.copyOf(paths));
        ask(this::askFor);
    }

    @Override
    public synchronized void refresh() {
        ask(channel -> channel.write(Line.of("show")));
    }

    private interface Question {
        void ask(LineChannel channel) throws IOException;
    }

    private void ask(Question question) {
        if (connection != null) {
            try {
                question.ask(connection);
            } catch (IOException _) {
                connection.close(); // the thread sees it, connects and asks again
            }
        }
    }

    private void askFor(LineChannel channel) throws IOException {
        if (wanted.isEmpty()) {
            return;
        }
        for (var path : new TreeMap<>(wanted.get()).entrySet()) {
            channel.write(SessionWords.write(SessionWords.write(Line.of("want"), path.getKey()), path.getValue()));
        }
        channel.write(Line.of("apply"));
    }

    @Override
    public Map<BfdPath, SessionReport> reports() {
        return reports.all();
    }

    @Override
    public DetectorCounts counts() {
        return counts;
    }

    @Override
    public synchronized Optional<Instant> deafSince() {
        return deafSince;
    }

    private void run() {
        while (!closed) {
            try (var channel = LineChannel.connect(socket)) {
                connected(channel);
                while (!closed) {
                    hear(channel.read());
                }
            } catch (IOException _) {
                disconnected();
            }
        }
    }

    private synchronized void connected(LineChannel channel) throws IOException {
        connection = channel;
        askFor(channel);
    }

    private void disconnected() {
        synchronized (this) {
            connection = null;
            deafSince = deafSince.or(() -> Optional.of(Instant.now()));
        }
        reports.beginAgain();
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException _) {
            closed = true;
        }
    }

    private void hear(Line line) throws IOException {
        try {
            switch (line.verb()) {
                case "session" -> reports.take(SessionWords.report(line)).ifPresent(listener::changed);
                case "gone" -> reports.remove(SessionWords.path(line));
                case "drops" -> counts = SessionWords.counts(line);
                case "synced" -> synced();
                case "refused" -> listener.refused(line.toString());
                default -> {} // what a newer process may say
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("not understood: " + line, e);
        }
    }

    private void synced() {
        reports.forgetUnseen();
        synchronized (this) {
            deafSince = Optional.empty();
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (connection != null) {
                connection.close();
            }
        }
        thread.interrupt();
    }
}
