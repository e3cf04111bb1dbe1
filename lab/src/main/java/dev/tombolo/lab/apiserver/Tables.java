package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tombolo.lab.apiserver.TableCells.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Objects as the tables that {@code kubectl get} prints. */
final class Tables {
    private static final Set<String> PLACE_OF_AGE = Set.of("Age", "AGE", "Last Seen", "Created At");

    private Tables() {}

    /** The table of some objects; {@code include} is Metadata, Object or None. */
    static ObjectNode of(
            ResourceKind kind, List<Crd.Column> columns, List<ObjectNode> objects, String revision, String include) {
        var cells = cells(kind, columns);
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", revision);
        var definitions = table.putArray("columnDefinitions");
        for (Cell cell : cells) {
            definitions
                    .addObject()
                    .put("name", cell.title())
                    .put("type", "string")
                    .put("format", cell.title().equals("Name") ? "name" : "")
                    .put("description", "")
                    .put("priority", cell.wide() ? 1 : 0);
        }
        var rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            var row = rows.addObject();
            var values = row.putArray("cells");
            cells.forEach(cell -> values.add(cell.value().apply(object)));
            if (!include.equals("None")) {
                row.set("object", include.equals("Object") ? object : partial(object));
            }
        }
        return table;
    }

    private static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static List<Cell> cells(ResourceKind kind, List<Crd.Column> columns) {
        var cells = new ArrayList<Cell>();
        if (!kind.resource().equals("events")) {
            cells.add(TableCells.path("Name", "metadata.name", ""));
        }
        cells.addAll(TableCells.of(kind));
        columns.forEach(column -> cells.add(new Cell(
                column.title(),
                column.priority() > 0,
                object -> printed(column, PrinterPath.find(object, column.path())))));
        if (cells.stream().noneMatch(cell -> PLACE_OF_AGE.contains(cell.title()))) {
            // In the place kubectl's users know: behind what is always shown, before what is wide.
            int at = (int) cells.stream().filter(cell -> !cell.wide()).count();
            cells.sort(java.util.Comparator.comparing(Cell::wide));
            cells.add(at, TableCells.cell("Age", object -> TableCells.age(Json.meta(object, "creationTimestamp"))));
        }
        return cells;
    }

    private static String printed(Crd.Column column, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "<none>";
        }
        return column.type().equals("date")
                ? TableCells.age(value.asText())
                : value.isValueNode() ? value.asText() : value.toString();
    }
}
