package dev.tombolo.benchmarks.bgp;

import dev.tombolo.bgp.exabgp.StartCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What can tell the same routers routes, one at a time; which are there depends on the machine. */
final class Speakers {
    private final Path natives;

    Speakers(Path repository) {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        natives = repository.resolve("bgp/target/classes/META-INF/native/linux-" + machine);
    }

    /** One that can be started. */
    record Kind(String name, Function<Network, Announcer> start) {}

    List<Kind> here(int routers) {
        var kinds = new ArrayList<>(List.of(new Kind("tombolo", network -> tombolo(network, routers))));
        if (Files.isExecutable(GobgpAnnouncer.PROGRAM)) {
            kinds.add(new Kind("gobgp", network -> gobgp(network, routers)));
        }
        return kinds;
    }

    /** Where the bridge is, and what is loaded into ExaBGP. */
    Path natives() {
        return natives;
    }

    private Announcer tombolo(Network network, int routers) {
        try {
            return new TomboloAnnouncer(network, natives, routers, Optional.empty());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Announcer gobgp(Network network, int routers) {
        try {
            return new GobgpAnnouncer(network, routers);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Says why there is nothing to measure; true where there is. */
    static boolean areHere() {
        for (Path program : List.of(StartCommand.PROGRAM, Routers.PROGRAM)) {
            if (!Files.isExecutable(program)) {
                System.out.println("BGP is not measured: there is no " + program + " (packages exabgp and bird2)");
                return false;
            }
        }
        if (!Files.isExecutable(GobgpAnnouncer.PROGRAM)) {
            System.out.println("GoBGP is not compared: there is no " + GobgpAnnouncer.PROGRAM + " (package gobgpd)");
        }
        return true;
    }
}
