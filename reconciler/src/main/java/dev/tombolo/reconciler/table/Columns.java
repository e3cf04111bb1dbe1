package dev.tombolo.reconciler.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How rows of one type are shown: declared once, used by the command line, scripts and status. */
public final class Columns<R> {
    private final List<Column<R>> columns;

    private Columns(List<Column<R>> columns) {
        this.columns = List.copyOf(columns);
    }

    public static <R> Columns<R> none() {
        return new Columns<>(List.of());
    }

    public Columns<R> with(String title, Function<R, ?> cell) {
        var longer = new ArrayList<>(columns);
        longer.add(new Column<>(title, cell));
        return new Columns<>(longer);
    }

    public List<String> titles() {
        return columns.stream().map(Column::title).toList();
    }

    /** The cells of one row; an absent value is {@code -}. */
    public List<String> cells(R row) {
        return columns.stream().map(column -> shown(column.cell().apply(row))).toList();
    }

    /** Aligned text with a line of titles, two spaces between columns, no trailing blanks. */
    public String text(Iterable<R> rows) {
        var lines = new ArrayList<List<String>>();
        lines.add(titles());
        rows.forEach(row -> lines.add(cells(row)));
        int[] widths = new int[columns.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        var text = new StringBuilder();
        lines.forEach(line -> text.append(aligned(line, widths)).append('\n'));
        return text.toString();
    }

    private static String aligned(List<String> line, int[] widths) {
        var text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
        }
        return text.toString().stripTrailing();
    }

    private static String shown(Object value) {
        String text = value == null ? "" : value.toString();
        return text.isEmpty() ? "-" : text;
    }

    private record Column<R>(String title, Function<R, ?> cell) {}
}
