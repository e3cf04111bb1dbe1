package dev.tombolo.wireguard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The natives over wireguard-tools' embeddable library. Results are {@code >= 0} or {@code -errno}; buffers are direct.
 * {@code netns} is the path of a namespace, or null for this process's own.
 */
final class LibWireGuard {
    private LibWireGuard() {}

    static {
        load();
    }

    static native int addDevice(String netns, String name);

    static native int deleteDevice(String netns, String name);

    static native int configure(String netns, String name, ByteBuffer privateKey, int port);

    static native int setPeer(String netns, String name, ByteBuffer peer);

    /** Returns the size of the state; where that is more than the buffer holds, nothing in it counts. */
    static native int readDevice(String netns, String name, ByteBuffer into);

    private static void load() {
        try {
            var directory = Files.createTempDirectory("libtombolo-wireguard");
            try {
                // First the one that the other needs: the linker then finds it by its name.
                load("libwireguard-embeddable.so", directory);
                load("libtombolo-wireguard.so", directory);
            } finally {
                Files.delete(directory);
            }
        } catch (FileNotFoundException missing) {
            throw new UnsatisfiedLinkError(missing.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("could not unpack the native libraries", e);
        }
    }

    @SuppressWarnings("restricted") // the launchers allow native access
    private static void load(String name, Path directory) throws IOException {
        String arch = System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
        String resource = "/META-INF/native/linux-" + arch + "/" + name;
        try (var library = LibWireGuard.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new FileNotFoundException(resource + " is not in the class path: build it with make");
            }
            var file = directory.resolve(name);
            try {
                Files.copy(library, file);
                System.load(file.toString());
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }
}
