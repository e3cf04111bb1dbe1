package dev.tombolo.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        description = "Run a command inside a pod; its exit code is passed on.")
final class ExecCommand implements Callable<Integer> {
    @Mixin
    private ContainerChoice container;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD")
    private List<String> command;

    @Override
    public Integer call() throws Exception {
        List<String> words = new ArrayList<>(container.record().enter());
        words.addAll(command);
        return LabChoice.run(words);
    }
}
