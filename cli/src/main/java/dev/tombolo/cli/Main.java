package dev.tombolo.cli;

import dev.tombolo.cli.output.Console;
import picocli.CommandLine;

/** The program {@code tombolo}. */
public final class Main {
    private static final String MISSING_COMMAND = "Missing required subcommand";

    private Main() {}

    public static void main(String[] words) {
        // The client's informers and TLS tell of every retry otherwise; what matters is an exception and is shown.
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.OFF);
        System.exit(run(Console.system(), words));
    }

    /** Runs one command; 0 is fine, 1 unhealthy or failed, 2 wrong usage. */
    static int run(Console console, String... words) {
        return commandLine(console).execute(words);
    }

    /** The commands as they are parsed; the reference page is made of it. */
    public static CommandLine commandLine(Console console) {
        var root = new TomboloCommand(console);
        return new CommandLine(root, new Commands(root))
                .setOut(console.writer())
                .setErr(console.errorWriter())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((wrong, words) -> misused(console, wrong))
                .setExecutionExceptionHandler((failure, line, parsed) -> console.failed(failure));
    }

    private static int misused(Console console, CommandLine.ParameterException wrong) {
        console.error(wrong.getMessage());
        var command = wrong.getCommandLine();
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, console.errorWriter());
        if (wrong.getMessage().equals(MISSING_COMMAND)) {
            command.usage(console.errorWriter());
        } else {
            console.hint("see " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return CommandLine.ExitCode.USAGE;
    }
}
