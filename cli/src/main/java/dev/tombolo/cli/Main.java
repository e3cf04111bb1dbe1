package dev.tombolo.cli;

import dev.tombolo.cli.output.Console;
import picocli.CommandLine;

/** The program {@code tombolo}. */
public final class Main {
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
                .setExecutionExceptionHandler((failure, line, parsed) -> console.failed(failure));
    }
}
