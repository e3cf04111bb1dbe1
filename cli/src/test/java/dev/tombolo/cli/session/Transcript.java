package dev.tombolo.cli.session;

import java.util.ArrayList;
import java.util.List;

/**
 * A session at a terminal as a text: {@code $ tombolo …} is typed, {@code % west: …} happens in a cluster, {@code # …}
 * says why; all else was printed, standard error behind {@code ! }, and an exit code other than 0 behind {@code ? }.
 */
record Transcript(List<String> script) {
    /** Plays one typed or happening line and returns what was printed. */
    interface Player {
        List<String> play(String line) throws Exception;
    }

    static Transcript parse(String text) {
        return new Transcript(text.lines()
                .filter(line -> line.startsWith("# ") || line.startsWith("$ ") || line.startsWith("% "))
                .toList());
    }

    /** The whole text as it would be if what is printed now were right. */
    String play(Player player) throws Exception {
        var text = new ArrayList<String>();
        String before = "# ";
        for (String line : script) {
            if (line.startsWith("# ") && !before.startsWith("# ")) {
                text.add("");
            }
            text.add(line);
            if (!line.startsWith("# ")) {
                text.addAll(player.play(line));
            }
            before = line;
        }
        return String.join("\n", text) + "\n";
    }
}
