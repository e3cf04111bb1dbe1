package dev.tombolo.lab.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "node-exec", mixinStandardHelpOptions = true, description = "Run a command on a node.")
final class NodeExecCommand implements Callable<Integer> {
    @Mixin
    private LabChoice lab;

    @Option(names = "--context", required = true, description = "The cluster.")
    private String context;

    @Parameters(index = "0", paramLabel = "NODE")
    private String node;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD")
    private List<String> command;

    @Override
    public Integer call() throws Exception {
        List<String> words = lab.running().enterNode(context, node);
        words.addAll(command);
        return LabChoice.run(words);
    }
}
