package dev.tombolo.bpf;

import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A bpf file system with the map {@code eg_source} of a small cluster, and tombolo-cni as a container runtime runs it. */
final class PinnedSources implements AutoCloseable {
    private static final Path PLUGIN = Path.of("target/cni/tombolo-cni");

    /** What a plugin said, and by which code it ended. */
    record Answer(int code, String output, String complaint) {}

    final EgressObject egress;
    final Path bpffs;
    private final Path input;

    PinnedSources() throws Exception {
        egress = new EgressObject(64);
        bpffs = Files.createTempDirectory("tombolo-bpffs");
        input = Files.createTempFile("tombolo-cni", ".json");
        pin(1, egress.object.mapFd("eg_source"));
    }

    /** As the agent of a version pins it. */
    void pin(int version, int map) throws IOException {
        PinDirectory.prepare(new DatapathOptions(bpffs, bpffs, Map.of()), version)
                .pin("maps", "eg_source", map);
    }

    void unpin(int version) throws IOException {
        new PinDirectory(bpffs, version).remove();
    }

    Answer add(String... addresses) throws Exception {
        return run("ADD", config("1.0.0", result(addresses)));
    }

    Answer delete(String... addresses) throws Exception {
        return run("DEL", config("1.0.0", result(addresses)));
    }

    /** The configuration of a plugin that is not the first of its chain. */
    String config(String version, String prevResult) {
        return """
                {"cniVersion": "%s", "name": "pods", "type": "tombolo-cni", "bpffs": "%s", "prevResult": %s}""".formatted(version, bpffs, prevResult);
    }

    static String result(String... addresses) {
        var ips = Arrays.stream(addresses).map(address -> "{\"address\":\"" + address + "\"}");
        return "{\"cniVersion\":\"1.0.0\",\"ips\":[" + String.join(",", ips.toList()) + "],\"dns\":{}}";
    }

    /** @param command none if it is empty */
    Answer run(String command, String config) throws IOException, InterruptedException {
        return run(List.of(PLUGIN.toString()), command, config);
    }

    /** On a node whose devices are those of a network namespace. */
    Answer run(TestNamespace devices, String command, String config) throws IOException, InterruptedException {
        return run(List.of("ip", "netns", "exec", devices.name(), PLUGIN.toString()), command, config);
    }

    private Answer run(List<String> words, String command, String config) throws IOException, InterruptedException {
        Files.writeString(input, config);
        var builder = new ProcessBuilder(words).redirectInput(input.toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        if (!command.isEmpty()) {
            builder.environment().put("CNI_COMMAND", command);
        }
        var process = builder.start();
        try (var output = process.inputReader();
                var complaints = process.errorReader()) {
            String said = String.join("\n", output.lines().toList());
            String complained = String.join("\n", complaints.lines().toList());
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IOException("tombolo-cni does not end");
            }
            return new Answer(process.exitValue(), said, complained);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The rows of these pods, with {@code null} for none. */
    Map<String, EgressSource> rows(String... pods) throws BpfException {
        var rows = new LinkedHashMap<String, EgressSource>();
        for (String pod : pods) {
            rows.put(pod, row(pod).orElse(null));
        }
        return rows;
    }

    static Map<String, EgressSource> allHeld(String... pods) {
        var rows = new LinkedHashMap<String, EgressSource>();
        Stream.of(pods).forEach(pod -> rows.put(pod, EgressSource.HELD));
        return rows;
    }

    Optional<EgressSource> row(String pod) throws BpfException {
        return egress.maps.sources().lookup(new EgressSourceKey(IpAddress.parse(pod)));
    }

    @Override
    public void close() throws IOException {
        egress.close();
        TestNamespace.command(List.of("umount", bpffs.toString()));
        Files.delete(bpffs);
        Files.delete(input);
    }
}
