package dev.tombolo.cli;

import dev.tombolo.cli.output.Console;
import java.util.List;

/** Runs a command as the program does, but for the end of the process. */
public final class CommandRun {
    private CommandRun() {}

    public static int of(Console console, List<String> words) {
        return Main.run(console, words.toArray(String[]::new));
    }
}
