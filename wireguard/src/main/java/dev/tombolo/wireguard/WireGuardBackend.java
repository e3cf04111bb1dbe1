package dev.tombolo.wireguard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Who does the encryption on this node. */
public sealed interface WireGuardBackend {
    /** The device of this name; it may not be there yet. */
    WireGuardDevice device(String name);

    /** One word for status: {@code kernel} or {@code userspace}. */
    String name();

    /** The kernel. */
    record Kernel(Optional<Path> netns) implements WireGuardBackend {
        @Override
        public KernelWireGuard device(String name) {
            return new KernelWireGuard(netns, name);
        }

        @Override
        public String name() {
            return "kernel";
        }
    }

    /**
     * wireguard-go.
     *
     * @param cause why not the kernel
     */
    record Userspace(Path sockets, String cause) implements WireGuardBackend {
        @Override
        public UserspaceWireGuard device(String name) {
            return new UserspaceWireGuard(sockets, name);
        }

        @Override
        public String name() {
            return "userspace";
        }
    }

    /** Tries the kernel with a device that it deletes at once. */
    static WireGuardBackend detect() {
        return detect(Optional.empty());
    }

    static WireGuardBackend detect(Optional<Path> netns) {
        var probe = new KernelWireGuard(netns, "tmbl" + ProcessHandle.current().pid() % 100_000_000);
        try {
            probe.create();
            probe.delete();
            return new Kernel(netns);
        } catch (IOException | LinkageError e) {
            return new Userspace(UserspaceWireGuard.SOCKETS, "the kernel makes no WireGuard device: " + e.getMessage());
        }
    }
}
