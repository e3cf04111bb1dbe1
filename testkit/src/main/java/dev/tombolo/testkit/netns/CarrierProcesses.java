package dev.tombolo.testkit.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Egress gateways' devices in user space as the image carries them, in the namespace of a test: those that are wanted. They
 * are asked for in a directory of the test, but their sockets are where all are, so their names are this test's own.
 */
public final class CarrierProcesses implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path SOCKETS = Path.of("/var/run/wireguard");

    private final String namespace;
    private final String prefix = "eg" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-";
    private final Path wishes = Files.createTempDirectory("carriers");
    private Process script;

    private CarrierProcesses(String namespace) throws IOException {
        this.namespace = namespace;
    }

    public static CarrierProcesses in(TestNamespace namespace) throws IOException {
        var carriers = new CarrierProcesses(namespace.name());
        carriers.start();
        return carriers;
    }

    /** A name that they carry when it is wanted. */
    public String device(int number) {
        return prefix + number;
    }

    public Path socket(String device) {
        return SOCKETS.resolve(device + ".sock");
    }

    public void want(String... devices) throws IOException {
        for (String device : devices) {
            Files.createFile(wish(device));
        }
    }

    public void unwant(String device) throws IOException {
        Files.delete(wish(device));
    }

    private Path wish(String device) {
        return wishes.resolve(device + ".wanted");
    }

    public void start() throws IOException {
        script = TunnelScript.start(
                "wireguard-carriers",
                namespace,
                Map.of("TOMBOLO_WIREGUARD_DIR", wishes.toString(), "TOMBOLO_CARRIER_PREFIX", prefix));
    }

    /** As the kubelet does; returns those processes that it leaves behind. */
    public List<ProcessHandle> stop() {
        var carrying = script.descendants().toList();
        script.destroy();
        script.onExit().join();
        return carrying.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** As kill -9 does with the process of one device. */
    public void kill(String device) {
        var carrying = script.descendants()
                .filter(process -> process.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(device::equals))
                .findFirst()
                .orElseThrow();
        carrying.destroyForcibly();
        carrying.onExit().join();
    }

    @Override
    public void close() throws IOException {
        stop().forEach(ProcessHandle::destroyForcibly);
        delete(SOCKETS, prefix + "*");
        delete(wishes, "*");
        Files.delete(wishes);
    }

    private static void delete(Path directory, String glob) throws IOException {
        try (var files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
