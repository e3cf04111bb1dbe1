package dev.tombolo.benchmarks.lab;

import dev.tombolo.lab.kubelet.ContainerRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A pod that asks the server outside, a hundred times a second, each time by a connection of its own. */
final class EgressClient implements AutoCloseable {
    private static final String SERVER = "198.51.100.10";
    private static final String PORT = "8080";
    private static final String RATE = "100";

    private final Process process;
    private final Writer input;
    private final NavigableMap<Long, Request> requests = new ConcurrentSkipListMap<>();
    private volatile Optional<Mark> lastMark = Optional.empty();
    private int marks;
    private volatile int marksSeen;

    /**
     * What became of one.
     *
     * @param answeredNanos empty where there was no answer within a second
     * @param source as the server saw it
     */
    record Request(long sentNanos, Optional<Long> answeredNanos, String source) {}

    /** A moment, by the clock of the requests, and the number of the next one then. */
    record Mark(long nanos, long next) {}

    private EgressClient(Process process) {
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().name("answers from outside").start(this::read);
    }

    /** In the network of a pod's container. */
    static EgressClient start(Path programs, ContainerRecord pod) {
        try {
            return new EgressClient(new ProcessBuilder(
                            "nsenter",
                            "--net=" + pod.netns(),
                            programs.resolve("egress-client").toString(),
                            SERVER,
                            PORT,
                            RATE)
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().map(line -> line.split(" ")).forEach(this::note);
        } catch (IOException | UncheckedIOException ended) {
            System.err.println("the client outside ended: " + ended.getMessage());
        }
    }

    private void note(String[] words) {
        if (words[0].equals("mark")) {
            lastMark = Optional.of(new Mark(Long.parseLong(words[1]), Long.parseLong(words[2])));
            marksSeen++;
            return;
        }
        var answered = Optional.of(words[2]).filter(word -> !word.equals("-")).map(Long::parseLong);
        requests.put(Long.parseLong(words[0]), new Request(Long.parseLong(words[1]), answered, words[3]));
    }

    /** Now. */
    Mark mark() {
        try {
            input.write("\n");
            input.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        marks++;
        return MeshLab.await("the client to go on", () -> lastMark.filter(_ -> marksSeen == marks));
    }

    /** Once it is known what became of them: the requests between two moments. */
    Map<Long, Request> between(Mark from, Mark until) {
        return MeshLab.await("each request to be answered or lost", () -> {
            var known = new TreeMap<>(requests.subMap(from.next, until.next));
            return known.size() == until.next - from.next ? Optional.of(Map.copyOf(known)) : Optional.empty();
        });
    }

    /** Whether any of the requests since then has been answered. */
    boolean isAnsweredSince(Mark mark) {
        return requests.tailMap(mark.next).values().stream()
                .anyMatch(request -> request.answeredNanos().isPresent());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
