package dev.tombolo.model.view;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Fields on one line, side by side. */
public final class ViewLine {
    private static final String SEPARATOR = "\t";

    private ViewLine() {}

    /** What a text has of line ends and tabs is blanks here. */
    public static String of(String... fields) {
        return Arrays.stream(fields).map(field -> field.replaceAll("\\s+", " ")).collect(Collectors.joining(SEPARATOR));
    }

    public static List<String> fields(String line) {
        return List.of(line.split(SEPARATOR, -1));
    }

    /** One of a later version may have more of them, at its end. */
    public static void expect(List<String> fields, int least) {
        if (fields.size() < least) {
            throw new IllegalArgumentException(fields.size() + " fields, expected " + least);
        }
    }
}
