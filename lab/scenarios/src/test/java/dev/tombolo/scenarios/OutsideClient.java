package dev.tombolo.scenarios;

import dev.tombolo.lab.programs.LoadResult;
import java.nio.file.Path;

/** Asks a service from outside all clusters, where it is known by an address only. */
final class OutsideClient {
    private OutsideClient() {}

    /** @param options of {@code lab-load}; it may fail, and then says how much was answered all the same */
    static LoadResult load(MeshLab lab, String address, String options) {
        var programs = Path.of(System.getProperty("tombolo.launcher")).resolveSibling("lab/target/programs");
        String command = "%s/lab-load --url http://%s/ %s || true".formatted(programs, address, options);
        return LoadResult.parse(lab.in("outside", command));
    }
}
