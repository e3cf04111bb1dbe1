package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.SpeakerEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The dialogue over the bridge's socket; the only place with input and output. One thread says what is to be said and
 * connects again when the bridge goes; another one reads, and does nothing else, because a reader that waits makes
 * ExaBGP wait. The dialogue's own monitor guards it; whoever changes it by {@link #with} wakes the one that speaks.
 */
final class Conversation implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMillis(50);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final Path socket;
    private final Dialogue dialogue;
    private final Supplier<Instant> clock;
    private final Consumer<SpeakerEvent> events;
    private final Thread speaker;
    private volatile boolean closed;
    private volatile SocketChannel connection;
    private boolean gone;
    private boolean news;

    Conversation(Path socket, Dialogue dialogue, Supplier<Instant> clock, Consumer<SpeakerEvent> events) {
        this.socket = socket;
        this.dialogue = dialogue;
        this.clock = clock;
        this.events = events;
        this.speaker = Thread.ofVirtual().name("speak to ExaBGP").unstarted(this::run);
    }

    void start() {
        speaker.start();
    }

    /** Changes the dialogue, or what it holds. */
    void with(Runnable work) {
        synchronized (dialogue) {
            work.run();
            news = true;
            dialogue.notifyAll();
        }
    }

    <T> T look(Supplier<T> work) {
        synchronized (dialogue) {
            return work.get();
        }
    }

    /** Waits until something is so. */
    void await(BooleanSupplier condition, Duration longest, String what) throws TimeoutException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (dialogue) {
            while (!condition.getAsBoolean()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new TimeoutException(what);
                }
                dialogue.wait(Math.min(left, LONGEST_WAIT.toMillis()));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        speaker.interrupt();
        closeConnection();
    }

    private void run() {
        while (!closed) {
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                connection = channel;
                talk(channel);
            } catch (IOException failure) {
                leave(failure);
            } catch (InterruptedException closing) {
                return;
            }
            try {
                Thread.sleep(BETWEEN_ATTEMPTS);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void talk(SocketChannel channel) throws IOException, InterruptedException {
        List<String> lines;
        synchronized (dialogue) {
            gone = false;
            lines = dialogue.connected(clock.get());
        }
        Thread.ofVirtual().name("listen to ExaBGP").start(() -> read(channel));
        while (!closed) {
            write(channel, lines);
            lines = nextLines();
            tellEvents();
        }
    }

    private List<String> nextLines() throws IOException, InterruptedException {
        synchronized (dialogue) {
            if (!news) {
                dialogue.wait(LONGEST_WAIT.toMillis());
            }
            news = false;
            if (gone) {
                throw new IOException("ExaBGP or its bridge has gone");
            }
            if (dialogue.isBeyondRepair(clock.get())) {
                throw new IOException(
                        "answers are missing: " + dialogue.standing().reason());
            }
            return dialogue.say(clock.get());
        }
    }

    private void leave(IOException failure) {
        synchronized (dialogue) {
            String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            dialogue.disconnected(why + " (" + socket.getFileName() + ")", clock.get());
            dialogue.notifyAll();
        }
        tellEvents();
    }

    private void tellEvents() {
        List<SpeakerEvent> told;
        synchronized (dialogue) {
            told = dialogue.takeEvents();
        }
        told.forEach(events);
    }

    private void read(SocketChannel channel) {
        try (var lines =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line);
            }
        } catch (IOException closing) {
            // Said below.
        }
        synchronized (dialogue) {
            gone |= connection == channel;
            news = true;
            dialogue.notifyAll();
        }
    }

    private void hear(String line) {
        synchronized (dialogue) {
            dialogue.hear(line, clock.get());
            news = true;
            dialogue.notifyAll();
        }
    }

    /** The window of the dialogue is smaller than what socket, bridge and pipe hold: this does not wait. */
    private static void write(SocketChannel channel, List<String> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        var bytes = StandardCharsets.US_ASCII.encode(String.join("\n", lines) + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void closeConnection() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException alreadyGone) {
            // Closed is what it is to be.
        }
    }
}
