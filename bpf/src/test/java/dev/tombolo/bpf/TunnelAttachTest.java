package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device in a namespace of the test's own. */
@Timeout(60)
class TunnelAttachTest {
    private final String namespace = "tombolo-bpf-" + ProcessHandle.current().pid();

    @Test
    void attachesSwapsAndAttachesAgainToADeviceMadeAnew() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        var bpffs = Files.createTempDirectory("tombolo-bpffs");
        run("ip netns add " + namespace);
        try {
            var options = new DatapathOptions(bpffs, Path.of("/nonexistent"), Map.of());
            for (int round = 0; round < 2; round++) {
                run("ip -n " + namespace + " link add tun0 type veth peer name tun1");
                for (int start = 0; start < 2; start++) {
                    try (var datapath = Datapath.open(options)) {
                        datapath.attachTunnel("tun0", "/run/netns/" + namespace);
                    }
                }
                assertThat(Files.exists(bpffs.resolve("tombolo/v1/links/from_tunnel_tun0"))
                                || Files.exists(bpffs.resolve("tombolo/v1/progs/clsact_tun0")))
                        .isTrue();
                run("ip -n " + namespace + " link del tun0");
            }
            Datapath.removeAll(bpffs);
            assertThat(bpffs.resolve("tombolo")).doesNotExist();
        } finally {
            run("ip netns del " + namespace);
            Datapath.removeAll(bpffs);
            run("umount " + bpffs);
            Files.deleteIfExists(bpffs);
        }
    }

    private static void run(String command) throws Exception {
        var process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
    }
}
