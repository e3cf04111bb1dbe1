package dev.tombolo.lab.command;

import dev.tombolo.lab.kubelet.ContainerLogs;
import dev.tombolo.lab.kubelet.ContainerRecord;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", mixinStandardHelpOptions = true, description = "Print what a container wrote.")
final class LogsCommand implements Callable<Integer> {
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

    @Option(names = "--tail", defaultValue = "-1")
    private int tail;

    @Option(names = {"-p", "--previous"})
    private boolean previous;

    @Parameters(index = "0", paramLabel = "POD")
    private String pod;

    @Override
    public Integer call() throws Exception {
        ContainerRecord record = lab.container(context, namespace, pod, container);
        try (var log = new ContainerLogs(lab.home(), context)
                .open(namespace, record.pod(), record.container(), false, tail, previous)) {
            log.transferTo(System.out);
        }
        return 0;
    }
}
