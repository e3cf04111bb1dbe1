package dev.tombolo.cli;

import java.io.IOException;

/** A command can't do what it was asked; the message says what was read, what was expected and what to do. */
public final class CommandFailure extends IOException {
    private static final long serialVersionUID = 1;
    private final int exitCode;

    private CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    public static CommandFailure failed(String message) {
        return new CommandFailure(message, 1);
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(message, 2);
    }

    public int exitCode() {
        return exitCode;
    }
}
