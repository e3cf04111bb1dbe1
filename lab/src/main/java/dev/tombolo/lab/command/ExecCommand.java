package dev.tombolo.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Run a command inside a pod; its exit code is passed on.")
final class ExecCommand implements Callable<Integer> {
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

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD")
    private List<String> command;

    @Override
    public Integer call() throws Exception {
        List<String> words = new ArrayList<>(
                lab.container(context, namespace, pod, container).enter());
        words.addAll(command);
        return LabChoice.run(words);
    }
}
