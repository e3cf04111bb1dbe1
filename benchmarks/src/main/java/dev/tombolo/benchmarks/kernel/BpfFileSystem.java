package dev.tombolo.benchmarks.kernel;

import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.bpf.Datapath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of eBPF objects of this process alone. */
record BpfFileSystem(Path path) {
    static BpfFileSystem mount(String name) throws IOException {
        var path = Files.createTempDirectory(name);
        Shell.run("mount", "-t", "bpf", "bpf", path.toString());
        return new BpfFileSystem(path);
    }

    /** Takes the programs that are pinned in it off their devices too. */
    void remove() throws IOException {
        Datapath.removeAll(path);
        Shell.run("umount", path.toString());
        Files.delete(path);
    }
}
