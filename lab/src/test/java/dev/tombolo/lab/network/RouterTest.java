package dev.tombolo.lab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.lab.machine.LabHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTest {
    @TempDir
    private Path directory;

    @Test
    void birdReadsWhatIsWrittenForIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/bird")), "skipped: there is no BIRD");
        var router = new Router(Topology.of(new LabHome("routed", directory), 2, 2, Families.IPV4));
        assertThat(router.text()).contains("neighbor range 172.30.1.0/24", "neighbor range 172.30.2.0/24");
        Files.writeString(router.configuration(), router.text());
        var check = new ProcessBuilder(
                        "/usr/sbin/bird", "-p", "-c", router.configuration().toString())
                .redirectErrorStream(true)
                .start();
        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(check.getInputStream().readAllBytes())).isEmpty();
        assertThat(check.exitValue()).isZero();
    }
}
