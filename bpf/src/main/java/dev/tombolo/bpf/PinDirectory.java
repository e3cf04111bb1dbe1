package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** One layout's pins: {@code <bpffs>/tombolo/v<layout>/{maps,progs,links}}. */
record PinDirectory(Path bpffs, int layout) {
    private static final String ROOT = "tombolo";

    static PinDirectory prepare(DatapathOptions options, int layout) throws IOException {
        Files.createDirectories(options.bpffs());
        if (!isBpffs(options.bpffs())) {
            if (!options.mountBpffs()) {
                throw new IOException(options.bpffs() + " is no bpf file system: mount one there");
            }
            BpfException.check(LibBpf.mountBpffs(options.bpffs().toString()), "mount", "bpffs at " + options.bpffs());
        }
        var directory = new PinDirectory(options.bpffs(), layout);
        for (String kind : List.of("maps", "progs", "links")) {
            Files.createDirectories(directory.root().resolve(kind));
        }
        return directory;
    }

    static boolean isBpffs(Path path) throws IOException {
        return Files.exists(path) && Files.getFileStore(path).type().equals("bpf");
    }

    Path root() {
        return bpffs.resolve(ROOT, "v" + layout);
    }

    Path path(String kind, String name) {
        return root().resolve(kind, pinned(name));
    }

    /** A name as it is pinned: bpffs refuses a dot. */
    static String pinned(String name) {
        return name.replace('.', '_');
    }

    /** The pins of other layouts: of a version before or after this one. */
    List<PinDirectory> others() throws IOException {
        return all(bpffs).stream().filter(other -> other.layout() != layout).toList();
    }

    /** The pins of every layout that is there. */
    static List<PinDirectory> all(Path bpffs) throws IOException {
        try (var entries = Files.list(bpffs.resolve(ROOT))) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("v\\d{1,6}"))
                    .map(name -> new PinDirectory(bpffs, Integer.parseInt(name.substring(1))))
                    .toList();
        }
    }

    OptionalInt open(String kind, String name) throws BpfException {
        var path = path(kind, name).toString();
        int fd = LibBpf.pinned(path);
        return fd == -Errno.ENOENT ? OptionalInt.empty() : OptionalInt.of(BpfException.check(fd, "opening", path));
    }

    /** Pins under the name, in place of what was there; the name is never absent in between. */
    void pin(String kind, String name, int fd) throws IOException {
        var path = path(kind, name);
        var next = path.resolveSibling(path.getFileName() + "_next");
        Files.deleteIfExists(next);
        BpfException.check(LibBpf.pin(fd, next.toString()), "pinning", path.toString());
        Files.move(next, path, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    List<String> names(String kind) throws IOException {
        var directory = root().resolve(kind);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    void remove() throws IOException {
        deleteTree(root());
    }

    static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top)) {
            return;
        }
        try (var walk = Files.walk(top)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    static Path top(Path bpffs) {
        return bpffs.resolve(ROOT);
    }
}
