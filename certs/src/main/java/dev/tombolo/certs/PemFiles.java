package dev.tombolo.certs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** A directory of PEM files, each replaced at once: a reader sees the old or the new one, never half of it. */
public final class PemFiles {
    private static final Set<PosixFilePermission> SECRET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PUBLIC = PosixFilePermissions.fromString("rw-r--r--");

    private final Path directory;

    public PemFiles(Path directory) {
        this.directory = directory;
    }

    /** Writes {@code <name>.key} with mode 0600, then {@code <name>.crt}; nothing is touched that is the same already. */
    public void write(String name, Credential credential) throws IOException {
        replace(name + ".key", credential.privateKey().pem(), SECRET);
        replace(name + ".crt", credential.certificatePem(), PUBLIC);
    }

    /** Writes {@code <name>.crt}, for instance of an authority. */
    public void writeCertificate(String name, String pem) throws IOException {
        replace(name + ".crt", pem, PUBLIC);
    }

    private void replace(String file, String content, Set<PosixFilePermission> permissions) throws IOException {
        Path target = directory.resolve(file);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (isSame(target, bytes, permissions)) {
            return;
        }
        Files.createDirectories(directory);
        Path fresh = directory.resolve("." + file + "." + UUID.randomUUID());
        try {
            writeSynced(fresh, bytes, permissions);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean isSame(Path target, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == bytes.length
                && java.util.Arrays.equals(Files.readAllBytes(target), bytes)
                && Files.getPosixFilePermissions(target).equals(permissions);
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
