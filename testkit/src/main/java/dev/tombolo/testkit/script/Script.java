package dev.tombolo.testkit.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A test as a text file: commands, one a line, then the files they name, each behind a line {@code -- name --} (the
 * txtar form). Lines that begin with {@code #} say why.
 */
public record Script(String name, List<Line> lines, Map<String, String> files) {
    /** One command with its words; the number is that of the line in the file. */
    public record Line(int number, String command, List<String> words) {}

    public Script {
        lines = List.copyOf(lines);
        files = Map.copyOf(files);
    }

    public static Script read(Path path) throws IOException {
        return parse(path.getFileName().toString(), Files.readString(path));
    }

    public static Script parse(String name, String text) {
        var lines = new ArrayList<Line>();
        var files = new LinkedHashMap<String, StringBuilder>();
        StringBuilder file = null;
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            if (raw.startsWith("-- ") && raw.endsWith(" --")) {
                file = new StringBuilder();
                files.put(raw.substring(3, raw.length() - 3).strip(), file);
            } else if (file != null) {
                file.append(raw).append('\n');
            } else if (!raw.isBlank() && !raw.startsWith("#")) {
                var words = List.of(raw.strip().split("\\s+"));
                lines.add(new Line(number, words.getFirst(), words.subList(1, words.size())));
            }
        }
        var contents = new LinkedHashMap<String, String>();
        files.forEach((title, content) -> contents.put(title, content.toString()));
        return new Script(name, lines, contents);
    }

    /** The text of a file of this script. */
    public String file(String title) {
        String content = files.get(title);
        if (content == null) {
            throw new IllegalArgumentException(name + " has no file " + title + "; it has " + files.keySet());
        }
        return content;
    }
}
