package dev.tombolo.lab.programs;

import java.util.List;

/**
 * How a program ended.
 *
 * @param output what it printed, errors included
 */
public record Outcome(List<String> command, int code, String output) {
    private static final int SHOWN_CHARACTERS = 2_000;

    /** The output of a program that did what it was asked. */
    public String expectSuccess() {
        if (code != 0) {
            throw new CheckFailure(command + " exited with " + code + ":\n"
                    + output.substring(Math.max(0, output.length() - SHOWN_CHARACTERS)));
        }
        return output;
    }
}
