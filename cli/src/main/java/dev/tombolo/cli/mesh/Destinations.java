package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The contexts of the other clusters. */
final class Destinations {
    @Option(
            names = "--destination-context",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "Context of the other cluster; several with commas.")
    private List<String> contexts;

    List<String> contexts(Optional<String> own) throws IOException {
        if (own.filter(contexts::contains).isPresent()) {
            throw CommandFailure.usage(
                    "--destination-context: read " + own.get() + ", which is --context too; expected another cluster");
        }
        return contexts;
    }
}
