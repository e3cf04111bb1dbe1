package dev.tombolo.cli.listing;

import dev.tombolo.cli.Session;
import dev.tombolo.reconciler.table.Columns;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How rows are shown: by columns to people, as documents to programs. */
public record Listing<R>(Columns<R> columns, Function<R, Map<String, Object>> document) {
    public void show(Session session, List<R> rows) {
        session.console().show(session.format(), rows.stream().map(document).toList(), () -> columns.text(rows));
    }
}
