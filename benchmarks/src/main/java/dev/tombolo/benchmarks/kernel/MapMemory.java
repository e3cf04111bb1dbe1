package dev.tombolo.benchmarks.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the egress maps that this process has open take, as the kernel says it in {@code memlock} of their descriptions in
 * {@code /proc/self/fdinfo}: rows that are there, and all of what is set aside. The inner nodes of tries and what the
 * allocator rounds up are not in it.
 *
 * @param ofRows bytes of maps that policies fill
 * @param ofConnections bytes of maps whose key is a connection, which have their size from the start
 */
public record MapMemory(long ofRows, long ofConnections) {
    private static final String CONNECTION_KEY_SIZE = "40";

    public static MapMemory ofThisProcess() throws IOException {
        long rows = 0;
        long connections = 0;
        for (var map : maps().values()) {
            long bytes = Long.parseLong(map.get("memlock"));
            if (map.get("key_size").equals(CONNECTION_KEY_SIZE)) {
                connections += bytes;
            } else {
                rows += bytes;
            }
        }
        return new MapMemory(rows, connections);
    }

    /** By their numbers: a map may be open more than once. */
    private static Map<String, Map<String, String>> maps() throws IOException {
        var maps = new TreeMap<String, Map<String, String>>();
        try (var files = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
            for (Path file : files) {
                var fields = fields(file);
                if (fields.containsKey("map_id")) {
                    maps.put(fields.get("map_id"), fields);
                }
            }
        }
        return maps;
    }

    private static Map<String, String> fields(Path file) throws IOException {
        var fields = new HashMap<String, String>();
        for (String line : lines(file)) {
            String[] words = line.split(":\\s*", 2);
            if (words.length == 2) {
                fields.put(words[0], words[1].strip());
            }
        }
        return fields;
    }

    /** Nothing where the file was closed meanwhile: the directory's own descriptor is one of them. */
    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (java.nio.file.NoSuchFileException closed) {
            return List.of();
        }
    }
}
