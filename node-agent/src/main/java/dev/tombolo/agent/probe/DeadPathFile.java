package dev.tombolo.agent.probe;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead paths in a file, for the agent that comes after this one. What is old, of another boot or not as we write it
 * is not believed: unknown is no worse than it was before there was a file.
 *
 * <p>Its first line is {@code dead-paths 1 BOOT WRITTEN}, each other one {@code CLUSTER NODE ADDRESS SINCE}.
 *
 * @param boot names the time since the machine was started
 */
record DeadPathFile(Path file, String boot) {
    /** Much longer than an agent takes to restart or to be upgraded. */
    static final Duration BELIEVED_FOR = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(DeadPathFile.class);
    private static final String FORMAT = "dead-paths 1";
    private static final long LARGEST = 4 << 20;
    private static final int FIELDS = 4;
    /** A name that would break the line is not kept: a peer must not be able to spoil what is known of another. */
    private static final Predicate<String> NAME =
            Pattern.compile("[!-~]{1,253}").asMatchPredicate();

    /** The file of this machine in the agent's state directory. */
    static DeadPathFile in(Path state) throws IOException {
        return new DeadPathFile(
                state.resolve("dead-paths"),
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
    }

    Map<NodeId, DeadPath> read(Instant now) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("it is larger than " + LARGEST + " bytes");
            }
            return parse(Files.readString(file), now);
        } catch (NoSuchFileException noneWasDead) {
            return Map.of();
        } catch (IOException | IllegalArgumentException | DateTimeException bad) {
            LOG.warn("dead paths of before are unknown: {} cannot be used: {}", file, bad.toString());
            return Map.of();
        }
    }

    private Map<NodeId, DeadPath> parse(String text, Instant now) {
        var lines = text.lines().toList();
        var head = fields(lines.isEmpty() ? "" : lines.getFirst());
        if (!(head[0] + " " + head[1]).equals(FORMAT)) {
            throw new IllegalArgumentException("it does not begin with '" + FORMAT + "'");
        }
        var written = Instant.parse(head[3]);
        if (!head[2].equals(boot) || Duration.between(written, now).abs().compareTo(BELIEVED_FOR) > 0) {
            LOG.info("dead paths of before are too old to be believed: written={} boot={}", written, head[2]);
            return Map.of();
        }
        var dead = new TreeMap<NodeId, DeadPath>();
        lines.stream().skip(1).map(DeadPathFile::fields).forEach(row -> {
            var since = Instant.parse(row[3]);
            if (since.isAfter(written) || !NAME.test(row[1])) {
                throw new IllegalArgumentException("a path is dead since after it was written, or has no name");
            }
            dead.put(new NodeId(new ClusterName(row[0]), row[1]), new DeadPath(IpAddress.parse(row[2]), since));
        });
        return dead;
    }

    private static String[] fields(String line) {
        var fields = line.split(" ", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("a line does not have " + FIELDS + " words");
        }
        return fields;
    }

    /** Written aside and renamed: a crash leaves what was there, or all of this. */
    void write(Map<NodeId, DeadPath> paths, Instant now) throws IOException {
        var dead = new TreeMap<>(paths);
        dead.keySet().removeIf(node -> !NAME.test(node.name()));
        if (dead.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        var text = new StringBuilder(FORMAT + " " + boot + " " + now + "\n");
        dead.forEach((node, path) -> text.append(node.cluster())
                .append(' ')
                .append(node.name())
                .append(' ')
                .append(path.address())
                .append(' ')
                .append(path.since())
                .append('\n'));
        Files.createDirectories(file.getParent());
        var aside = Files.createTempFile(file.getParent(), "dead-paths", ".new");
        try {
            Files.writeString(aside, text, StandardCharsets.UTF_8);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
