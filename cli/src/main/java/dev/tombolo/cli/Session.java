package dev.tombolo.cli;

import dev.tombolo.cli.output.Console;
import dev.tombolo.cli.output.OutputFormat;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.util.Optional;

/** What the global options say, and the way to a cluster. Nothing is contacted until a command asks for it. */
public interface Session {
    Console console();

    OutputFormat format();

    /** The context named by {@code --context}; empty for the kubeconfig's current one. */
    Optional<String> context();

    /** The namespace to list; empty for all. */
    Optional<String> namespace();

    /** The cluster of {@code --context}. */
    KubeApi cluster() throws IOException;

    /** The cluster of another context of the same kubeconfig. */
    KubeApi cluster(String context) throws IOException;
}
