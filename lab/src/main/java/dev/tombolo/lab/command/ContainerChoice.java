package dev.tombolo.lab.command;

import dev.tombolo.lab.kubelet.ContainerRecord;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which running container a command is about, in kubectl's words. */
final class ContainerChoice {
    @Mixin
    private LabChoice lab;

    @Option(names = "--context", required = true, description = "The cluster.")
    private String context;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default")
    private String namespace;

    @Option(names = {"-c", "--container"})
    private String container;

    @Parameters(index = "0", paramLabel = "POD", description = "A pod, or deploy/NAME for one of its pods.")
    private String pod;

    LabChoice lab() {
        return lab;
    }

    String context() {
        return context;
    }

    ContainerRecord record() throws IOException {
        return lab.running().container(context, namespace, pod, container);
    }
}
