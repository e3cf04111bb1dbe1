package dev.tombolo.agent.egress.podstart;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A CNI configuration, which its CNI may write anew at any time. */
record ConfigurationFile(Path path) {
    private static final long LARGEST = 1 << 20;

    String name() {
        return path.getFileName().toString();
    }

    String read() throws IOException {
        if (Files.size(path) > LARGEST) {
            throw new IOException(path + " is larger than " + LARGEST + " bytes");
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException bad) {
            throw new IOException(path + " is not UTF-8", bad);
        }
    }

    /** What the CNI wrote meanwhile stays. */
    void replace(String before, String after) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a symbolic link, and would be none any more");
        }
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        AtomicReplacement.of(path).write(after.getBytes(StandardCharsets.UTF_8), permissions, () -> {
            if (!read().equals(before)) {
                throw new IOException(path + " was written anew at the same time; the next check looks again");
            }
        });
    }
}
