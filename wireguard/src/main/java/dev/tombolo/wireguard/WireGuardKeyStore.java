package dev.tombolo.wireguard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** This node's private key in a file of mode 0600: it survives restarts, so peers needn't learn a new one. */
public record WireGuardKeyStore(Path directory) {
    private static final String FILE = "wireguard.key";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** The key of this node, made on first use. */
    public PrivateKey loadOrCreate() throws IOException {
        var file = directory.resolve(FILE);
        try {
            String text = Files.readString(file).strip();
            if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            return PrivateKey.tryParse(text)
                    .orElseThrow(
                            () -> new IOException(file + " holds no WireGuard private key (44 characters of base64):"
                                    + " restore it, or delete it to have a new one made"));
        } catch (NoSuchFileException firstUse) {
            var key = PrivateKey.generate();
            write(file, key);
            return key;
        }
    }

    /** Written aside, flushed, then renamed: a crash leaves no key or a whole one. */
    private void write(Path file, PrivateKey key) throws IOException {
        Files.createDirectories(directory);
        var attribute = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        var aside = Files.createTempFile(directory, FILE, ".new", attribute);
        try {
            try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                var text = ByteBuffer.wrap((key.base64() + "\n").getBytes(StandardCharsets.US_ASCII));
                while (text.hasRemaining()) {
                    channel.write(text);
                }
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
