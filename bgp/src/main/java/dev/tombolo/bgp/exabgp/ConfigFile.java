package dev.tombolo.bgp.exabgp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** ExaBGP's configuration on disk: for its owner only, and replaced as a whole. */
record ConfigFile(Path path, ConfigCheck check) {
    Optional<String> text() throws IOException {
        try {
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** What ExaBGP would find wrong with it. */
    Optional<String> problem(String text) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".draft");
        write(draft, text);
        try {
            return check.problem(draft);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    void replace(String text) throws IOException {
        var next = path.resolveSibling(path.getFileName() + ".next");
        write(next, text);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Never readable by others, not even for a moment. */
    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, mode)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
