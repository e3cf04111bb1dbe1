package dev.tombolo.benchmarks.rate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Room in the kernel's conntrack for all that is compared, which the namespaces of a machine share. When closed, the machine
 * has the sizes that it had.
 */
final class ConnectionRoom implements AutoCloseable {
    private static final Path SETTINGS = Path.of("/proc/sys/net/netfilter");

    /** About as many as there are entries, of which each connection has two. */
    private static final Map<String, Integer> SIZES =
            Map.of("nf_conntrack_max", 2 * PacketSource.MANY_CONNECTIONS, "nf_conntrack_buckets", 1 << 23);

    private final Map<String, String> before = new LinkedHashMap<>();
    private final Thread onExit = new Thread(this::restore);

    ConnectionRoom() throws IOException {
        for (var setting : SIZES.keySet()) {
            // By lines: a setting is told in one piece or not at all.
            before.put(setting, Files.readAllLines(SETTINGS.resolve(setting)).getFirst());
        }
        // Also when this process is told to end.
        Runtime.getRuntime().addShutdownHook(onExit);
        for (var setting : SIZES.entrySet()) {
            Files.writeString(
                    SETTINGS.resolve(setting.getKey()), setting.getValue().toString());
        }
    }

    private void restore() {
        before.forEach((setting, value) -> {
            try {
                Files.writeString(SETTINGS.resolve(setting), value);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        restore();
    }
}
