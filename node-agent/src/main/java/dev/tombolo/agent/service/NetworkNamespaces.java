package dev.tombolo.agent.service;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The network namespaces of a node, found by its processes, whatever made them: pods have no other common place.
 *
 * @param files one for each namespace that a process lives in: that of the first one, which is the one to live longest
 * @param problem why there may be more
 */
record NetworkNamespaces(Collection<Path> files, Optional<String> problem) {
    private static final int MOST_PROCESSES = 200_000;
    private static final String FIRST_PROCESS = "1";

    static NetworkNamespaces of(Path proc) throws IOException {
        return of(proc, MOST_PROCESSES);
    }

    static NetworkNamespaces of(Path proc, int mostProcesses) throws IOException {
        var search = new Search();
        if (!Files.exists(proc.resolve(FIRST_PROCESS))) {
            search.problem("processes of others are hidden in " + proc);
        }
        int seen = 0;
        try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (++seen > mostProcesses) {
                    search.problem("there are more than " + mostProcesses + " processes");
                    break;
                }
                search.add(process);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        return new NetworkNamespaces(List.copyOf(search.byIdentity.values()), search.problem);
    }

    private static final class Search {
        private final Map<Path, Path> byIdentity = new HashMap<>();
        private Optional<String> problem = Optional.empty();

        private void add(Path process) {
            var file = process.resolve("ns/net");
            try {
                byIdentity.putIfAbsent(Files.readSymbolicLink(file), file);
            } catch (NoSuchFileException ended) {
                // The process, since it was listed.
                return;
            } catch (IOException refused) {
                // Reading the link of a process that has just ended is refused like that of one we may not look at.
                // The first process is in the node's own namespace, as this one is: it is not missed.
                if (Files.exists(process) && !process.endsWith(FIRST_PROCESS)) {
                    problem("the network namespace of a process cannot be read: " + refused);
                }
            }
        }

        private void problem(String what) {
            problem = problem.or(() -> Optional.of(what));
        }
    }
}
