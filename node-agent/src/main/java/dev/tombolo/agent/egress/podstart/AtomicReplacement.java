package dev.tombolo.agent.egress.podstart;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file written beside another and put in its place, on the disk before it is seen: a crash leaves one or the other. */
record AtomicReplacement(Path target, Path aside) {
    /** Looked at when all is written; throws to leave the file as it is. */
    interface LastLook {
        void look() throws IOException;
    }

    /** Under a name that no container runtime takes for a configuration. */
    static AtomicReplacement of(Path target) {
        return new AtomicReplacement(target, target.resolveSibling("." + target.getFileName() + ".tombolo"));
    }

    void write(byte[] content, String permissions) throws IOException {
        write(content, permissions, () -> {});
    }

    void write(byte[] content, String permissions, LastLook lastLook) throws IOException {
        Files.deleteIfExists(aside);
        try {
            try (var file = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString(permissions));
                file.force(true);
            }
            lastLook.look();
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
