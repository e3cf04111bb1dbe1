package dev.tombolo.lab.daemon;

import dev.tombolo.lab.network.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The lab's router, as long as the daemon runs. */
final class RouterProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RouterProcess() {}

    /** Returns once it can be asked. */
    static void start(Router router) throws IOException, InterruptedException {
        Files.writeString(router.configuration(), router.text());
        Path output = router.topology().home().path("router.out");
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        router.namespace(),
                        "bird",
                        "-f",
                        "-c",
                        router.configuration().toString(),
                        "-s",
                        router.control().toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Instant end = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(end)) {
            if (Files.exists(router.control())) {
                return;
            }
            Thread.sleep(20);
        }
        throw new IOException("the lab's router (BIRD) did not start: "
                + Files.readString(output).strip() + "; make setup installs it");
    }
}
