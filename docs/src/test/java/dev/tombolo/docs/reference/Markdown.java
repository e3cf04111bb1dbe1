package dev.tombolo.docs.reference;

import java.util.List;
import java.util.stream.Collectors;

/** A page under way. */
final class Markdown {
    private final StringBuilder text = new StringBuilder();

    Markdown heading(int level, String title) {
        return paragraph("#".repeat(level) + " " + title);
    }

    Markdown paragraph(String words) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(words).append('\n');
        return this;
    }

    Markdown code(String language, String code) {
        return paragraph("```" + language + "\n" + code.stripTrailing() + "\n```");
    }

    Markdown table(List<String> titles, List<List<String>> rows) {
        var lines = rows.stream().map(Markdown::row).collect(Collectors.joining("\n"));
        return paragraph(row(titles) + "\n" + "| --- ".repeat(titles.size()) + "|\n" + lines);
    }

    String text() {
        return text.toString();
    }

    static String code(Object value) {
        return "`" + value + "`";
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }
}
