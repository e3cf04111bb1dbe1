package dev.tombolo.netlink.sysctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Kernel settings; names are given in parts, because a device's name may have dots. */
public record Sysctl(Path base) {
    public static Sysctl ofHost() {
        return new Sysctl(Path.of("/proc/sys"));
    }

    /** Empty where this kernel has no such setting. */
    public Optional<String> read(String... name) throws IOException {
        try {
            return Optional.of(Files.readString(path(name)).strip());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Writes only what differs, so that a read-only /proc/sys that is already right is no error. */
    public void write(String value, String... name) throws IOException {
        if (read(name).filter(value::equals).isPresent()) {
            return;
        }
        try {
            Files.writeString(path(name), value);
        } catch (IOException e) {
            throw new IOException("setting of sysctl " + String.join(".", name) + " to " + value + " refused: " + e, e);
        }
    }

    private Path path(String... name) {
        return base.resolve(Path.of("", name));
    }
}
