package dev.tombolo.lab.command;

import dev.tombolo.lab.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `tombolo lab`: clusters as network namespaces on this machine. Further subcommands are added in this list. */
@Command(
        name = "tombolo lab",
        mixinStandardHelpOptions = true,
        description = "Whole clusters on one Linux machine, out of network namespaces.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            EnvCommand.class,
            ExecCommand.class,
            NodeExecCommand.class,
            LogsCommand.class,
            FaultCommand.class,
            DaemonCommand.class,
            DemoCommand.class
        })
public final class LabMain {
    private LabMain() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new LabMain());
        line.setExecutionExceptionHandler((e, command, _) -> {
            command.getErr().println("error: " + e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }
}
