package dev.tombolo.testkit.netns;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scripts that carry tunnels in user space, run as the image runs them. */
final class TunnelScript {
    private static final Path SCRIPTS = Path.of("../wireguard/src/main/sh");

    private TunnelScript() {}

    static Process start(String name, String namespace, Map<String, String> environment) throws IOException {
        var script = SCRIPTS.resolve(name).toAbsolutePath().normalize().toString();
        var builder = new ProcessBuilder("ip", "netns", "exec", namespace, script);
        builder.environment().putAll(environment);
        builder.environment()
                .merge("PATH", program().orElseThrow().getParent().toString(), (path, own) -> own + ":" + path);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static Optional<Path> program() {
        var directories = new ArrayList<String>(List.of("../.tools/bin"));
        directories.addAll(List.of(System.getenv("PATH").split(File.pathSeparator)));
        return directories.stream()
                .map(directory ->
                        Path.of(directory, "wireguard-go").toAbsolutePath().normalize())
                .filter(Files::isExecutable)
                .findFirst();
    }
}
