package dev.tombolo.bgp.bfd.router;

import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** FRR: bfdd, and zebra, by which it knows the devices. */
record FrrRouter(RouterProcess process) implements Router {
    private static final String PROGRAMS = "/usr/lib/frr/";
    private static final String LOG = "bfdd.log";

    static Router start(RouterLink link, Neighbour neighbour) throws IOException {
        RouterProcess.assumeInstalled(PROGRAMS + "bfdd");
        var process = RouterProcess.in(link.router());
        Files.writeString(process.file("zebra.conf"), "hostname router\n");
        Files.writeString(process.file("bfdd.conf"), """
                hostname router
                log timestamp precision 3
                log file %s debugging
                debug bfd peer
                bfd
                 peer %s local-address %s %s
                  detect-multiplier 3
                  receive-interval %d
                  transmit-interval %d
                 !
                !
                """.formatted(
                        process.file(LOG),
                        neighbour.address(),
                        neighbour.local(),
                        neighbour.reach() == Reach.DIRECT ? "interface " + RouterLink.DEVICE : "multihop",
                        neighbour.milliseconds(),
                        neighbour.milliseconds()));
        process.start(daemon(process, "zebra"));
        // bfdd that does not find zebra looks again only after ten seconds.
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(process.file("zebra.vty")));
        process.start(daemon(process, "bfdd", "--bfdctl", "bfdd.sock"));
        return new FrrRouter(process);
    }

    private static List<String> daemon(RouterProcess process, String name, String... more) {
        var words = new ArrayList<>(List.of(PROGRAMS + name, "-u", "frr", "-g", "frr", "-P", "0"));
        words.addAll(List.of("-f", process.file(name + ".conf").toString(), "-i", name + ".pid"));
        words.addAll(List.of("-z", process.file("zebra.sock").toString()));
        words.addAll(List.of("--vty_socket", process.file("").toString()));
        words.addAll(List.of(more));
        return words;
    }

    @Override
    public boolean isUp() throws IOException {
        return Files.exists(vty())
                && TestNamespace.command(List.of(
                                "vtysh",
                                "--vty_socket",
                                process.file("").toString(),
                                "-d",
                                "bfdd",
                                "-c",
                                "show bfd peers"))
                        .contains("Status: up");
    }

    private Path vty() {
        return process.file("bfdd.vty");
    }

    @Override
    public List<Instant> losses() throws IOException {
        return process.times(LOG, "] up -> ");
    }

    @Override
    public List<Instant> arrivals() throws IOException {
        return process.times(LOG, " -> up");
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
