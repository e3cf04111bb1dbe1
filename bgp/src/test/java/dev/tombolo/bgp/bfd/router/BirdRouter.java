package dev.tombolo.bgp.bfd.router;

import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;

/** BIRD 2. */
record BirdRouter(RouterProcess process) implements Router {
    private static final String PROGRAM = "/usr/sbin/bird";
    private static final String LOG = "bird.log";

    static Router start(RouterLink link, Neighbour neighbour) throws IOException {
        RouterProcess.assumeInstalled(PROGRAM);
        var process = RouterProcess.in(link.router());
        var times = "interval %d ms; multiplier 3;".formatted(neighbour.milliseconds());
        Files.writeString(
                process.file("bird.conf"), """
                log "%s" all;
                router id 192.0.2.2;
                protocol device {}
                protocol bfd {
                    debug { events };
                    interface "v*" { %s };
                    multihop { %s };
                    %s
                }
                """.formatted(process.file(LOG), times, times, session(neighbour)));
        process.start(List.of(PROGRAM, "-f", "-c", "bird.conf", "-s", "bird.ctl", "-P", "bird.pid"));
        return new BirdRouter(process);
    }

    private static String session(Neighbour neighbour) {
        return switch (neighbour.reach()) {
            case DIRECT ->
                "neighbor %s dev \"%s\" local %s;".formatted(neighbour.address(), RouterLink.DEVICE, neighbour.local());
            case MULTIHOP -> "neighbor %s local %s multihop;".formatted(neighbour.address(), neighbour.local());
        };
    }

    @Override
    public boolean isUp() throws IOException {
        return Files.exists(process.file("bird.ctl"))
                && TestNamespace.command(
                                List.of("birdc", "-s", process.file("bird.ctl").toString(), "show", "bfd", "sessions"))
                        .contains(" Up ");
    }

    @Override
    public List<Instant> losses() throws IOException {
        return process.times(LOG, "changed state from Up to ");
    }

    @Override
    public List<Instant> arrivals() throws IOException {
        return process.times(LOG, " to Up");
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
