package dev.tombolo.agent.service;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Finds the network namespaces of a node by its processes, whatever made them: pods have no other common place. */
final class NetworkNamespaces {
    private static final int MOST_PROCESSES = 200_000;

    private NetworkNamespaces() {}

    /** One file for each namespace that a process lives in: that of the first one, which is the one to live longest. */
    static Collection<Path> of(Path proc) throws IOException {
        Map<Path, Path> byIdentity = new HashMap<>();
        int seen = 0;
        try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (++seen > MOST_PROCESSES) {
                    break;
                }
                add(process.resolve("ns/net"), byIdentity);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        return byIdentity.values();
    }

    private static void add(Path file, Map<Path, Path> byIdentity) {
        try {
            byIdentity.putIfAbsent(Files.readSymbolicLink(file), file);
        } catch (IOException ended) {
            // The process, since it was listed.
            return;
        }
    }
}
