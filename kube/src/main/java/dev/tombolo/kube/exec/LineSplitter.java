package dev.tombolo.kube.exec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Bytes as they come, handed on line by line; a line that never ends is cut. */
final class LineSplitter extends OutputStream {
    private static final int LONGEST = 64 * 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(int one) {
        if (one != '\n') {
            begun.write(one);
        }
        if (one == '\n' || begun.size() == LONGEST) {
            handOn();
        }
    }

    @Override
    public synchronized void close() {
        if (begun.size() > 0) {
            handOn();
        }
    }

    private void handOn() {
        lines.accept(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
    }
}
