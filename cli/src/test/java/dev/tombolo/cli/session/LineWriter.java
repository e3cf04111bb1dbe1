package dev.tombolo.cli.session;

import java.io.Writer;
import java.util.function.Consumer;

/** Hands on what is written line by line, so that two streams can be told apart and keep their order. */
final class LineWriter extends Writer {
    private final Consumer<String> lines;
    private final StringBuilder begun = new StringBuilder();

    LineWriter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] text, int offset, int length) {
        begun.append(text, offset, length);
        for (int end = begun.indexOf("\n"); end >= 0; end = begun.indexOf("\n")) {
            lines.accept(begun.substring(0, end));
            begun.delete(0, end + 1);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        if (!begun.isEmpty()) {
            lines.accept(begun.toString());
        }
    }
}
