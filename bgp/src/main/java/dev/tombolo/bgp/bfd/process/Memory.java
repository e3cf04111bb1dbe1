package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.control.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;

/**
 * The file by which a new process goes on with the sessions of the last. A thread of its own writes it, the latest only:
 * a disk that is slow must not keep packets waiting.
 */
final class Memory implements AutoCloseable {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final BlockingQueue<List<Remembered>> unwritten = new ArrayBlockingQueue<>(1);
    private final Thread writer;

    Memory(Path file) {
        this.file = file;
        this.writer = Thread.ofPlatform().name("bfd-memory").daemon().start(this::write);
    }

    /** Only the session loop calls this, and so nothing comes between the two steps. */
    void keep(List<Remembered> sessions) {
        unwritten.clear();
        unwritten.add(sessions);
    }

    private void write() {
        try {
            while (true) {
                write(unwritten.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Remembered> sessions) {
        var text = new StringBuilder(header()).append('\n');
        sessions.forEach(session -> text.append(session.line()).append('\n'));
        var draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            System.err.println("could not remember the sessions, a restart will be seen by neighbours: " + e);
        }
    }

    /** Empty where there is no file; what cannot be read in it is left out. */
    static List<Remembered> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        boolean ofThisBoot = !lines.isEmpty() && lines.getFirst().equals(header());
        var sessions = new ArrayList<Remembered>();
        lines.stream().skip(1).map(Line::parse).forEach(line -> read(line).ifPresent(sessions::add));
        return sessions.stream()
                .map(session -> ofThisBoot ? session : session.withoutNeighbor())
                .collect(Collectors.toList());
    }

    private static Optional<Remembered> read(Line line) {
        try {
            return Optional.of(Remembered.of(line));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String header() {
        try {
            return Line.of("memory")
                    .with("boot", Files.readString(BOOT).strip())
                    .toString();
        } catch (IOException _) {
            return "memory";
        }
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
