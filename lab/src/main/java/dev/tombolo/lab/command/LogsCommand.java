package dev.tombolo.lab.command;

import dev.tombolo.lab.kubelet.ContainerLogs;
import dev.tombolo.lab.kubelet.ContainerRecord;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "logs", mixinStandardHelpOptions = true, description = "Print what a container wrote.")
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private ContainerChoice container;

    @Option(names = "--tail", defaultValue = "-1")
    private int tail;

    @Option(names = {"-p", "--previous"})
    private boolean previous;

    @Override
    public Integer call() throws Exception {
        ContainerRecord record = container.record();
        try (var log = new ContainerLogs(container.lab().home(), container.context())
                .open(record.namespace(), record.pod(), record.container(), false, tail, previous)) {
            log.transferTo(System.out);
        }
        return 0;
    }
}
