package dev.tombolo.agent.status;

import dev.tombolo.kube.object.MeshNodeObject.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How full conntrack is, which what our programs translate crosses too: where it has no room the kernel drops what begins.
 *
 * @param limit 0: none
 */
public record ConntrackUse(long entries, long limit) {
    /** Where the kernel says it of the network namespace of the process that reads. */
    public static final Path HERE = Path.of("/proc/sys/net/netfilter");

    private static final double NEARLY_FULL = 0.95;

    /** Nothing where the node has no conntrack. */
    public static Optional<ConntrackUse> read(Path directory) {
        try {
            return Optional.of(new ConntrackUse(
                    number(directory.resolve("nf_conntrack_count")), number(directory.resolve("nf_conntrack_max"))));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** By one read: the kernel has nothing more to say to a second one, and of a file without a size Java reads a byte first. */
    private static long number(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return Long.parseLong(reader.readLine());
        }
    }

    /** Whole percents, so that this does not change with every connection. */
    public Optional<Problem> problem() {
        return limit > 0 && entries >= limit * NEARLY_FULL
                ? Optional.of(new Problem(
                        "conntrack",
                        100 * entries / limit + " % of the kernel's room for " + limit
                                + " connections is in use; new ones are dropped when it is full",
                        "sysctl -w net.netfilter.nf_conntrack_max=NUMBER with a larger one on the node"))
                : Optional.empty();
    }
}
