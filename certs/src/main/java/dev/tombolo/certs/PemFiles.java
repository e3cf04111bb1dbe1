package dev.tombolo.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * A directory of PEM files that are replaced all at once, as the kubelet does it with Secrets: the files are links into a
 * directory behind one more link, {@code ..data}, and that link is what changes. Keys have mode 0600. The directory that
 * was replaced stays until the next time, for those who are about to open a file in it.
 */
public final class PemFiles {
    private static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Path CURRENT = Path.of("..data");
    private static final String GENERATION = "..generation-";

    /** Far longer than it takes to open a file. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Path directory;

    public PemFiles(Path directory) {
        this.directory = directory;
    }

    /** Makes these the files; nothing is touched if they are already. */
    public void replace(PemSet files) throws IOException {
        if (holds(files)) {
            return;
        }
        Files.createDirectories(directory);
        Path replaced = current();
        Path generation = Path.of(GENERATION + UUID.randomUUID());
        write(directory.resolve(generation), files);
        link(CURRENT, generation);
        for (String file : files.contents().keySet()) {
            if (!isLink(file)) {
                link(Path.of(file), CURRENT.resolve(file));
            }
        }
        removeOld(Set.of(generation, replaced));
    }

    /** The generation that the files lead to; CURRENT itself if there is none yet. */
    private Path current() throws IOException {
        Path link = directory.resolve(CURRENT);
        return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : CURRENT;
    }

    private boolean holds(PemSet files) throws IOException {
        for (var file : files.contents().entrySet()) {
            Path target = directory.resolve(file.getKey());
            if (!isLink(file.getKey())
                    || !Files.isRegularFile(target)
                    || !Files.getPosixFilePermissions(target).equals(permissions(file.getKey()))
                    || !Files.readString(target).equals(file.getValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean isLink(String file) throws IOException {
        Path link = directory.resolve(file);
        return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(CURRENT.resolve(file));
    }

    private void write(Path generation, PemSet files) throws IOException {
        Files.createDirectory(generation, PosixFilePermissions.asFileAttribute(DIRECTORY));
        for (var file : files.contents().entrySet()) {
            writeSynced(
                    generation.resolve(file.getKey()),
                    file.getValue().getBytes(StandardCharsets.UTF_8),
                    permissions(file.getKey()));
        }
    }

    /** Links cannot be changed, but one can be moved over another. */
    private void link(Path name, Path target) throws IOException {
        Path fresh = directory.resolve(GENERATION + UUID.randomUUID());
        Files.createSymbolicLink(fresh, target);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Who opens a file may have followed {@code ..data} already, to a generation that has been replaced since. */
    private void removeOld(Set<Path> kept) throws IOException {
        Instant young = Instant.now().minus(GRACE);
        try (var entries = Files.newDirectoryStream(directory, GENERATION + "*")) {
            for (Path entry : entries) {
                if (!kept.contains(entry.getFileName()) && madeBefore(young, entry)) {
                    remove(entry);
                }
            }
        }
    }

    private static boolean madeBefore(Instant time, Path entry) throws IOException {
        return Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(time);
    }

    /** A generation, or a link that was not moved to its place. */
    private static void remove(Path entry) throws IOException {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            try (var files = Files.newDirectoryStream(entry)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
        Files.delete(entry);
    }

    private static Set<PosixFilePermission> permissions(String file) {
        return file.endsWith(PemSet.KEY) ? SECRET : PUBLIC;
    }

    /** The mode is the file's from its first byte on: a key that is readable for a moment has been readable. */
    private static void writeSynced(Path file, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(SECRET))) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.setPosixFilePermissions(file, permissions);
    }
}
