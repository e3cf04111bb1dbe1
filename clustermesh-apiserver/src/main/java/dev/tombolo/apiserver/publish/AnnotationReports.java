package dev.tombolo.apiserver.publish;

import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** Tells the owner of an object which of its annotations are not understood, once for each change. */
public final class AnnotationReports<K extends Comparable<? super K>, V> {
    private final Table<K, V> objects;
    private final Function<V, List<Invalid>> check;
    private final Reports<V> reports;
    private final Map<K, List<Invalid>> told = new HashMap<>();
    private long seen = -1;

    /** Shows a message on an object. */
    public interface Reports<V> {
        void invalid(V on, String message) throws IOException;
    }

    public AnnotationReports(Table<K, V> objects, Function<V, List<Invalid>> check, Reports<V> reports) {
        this.objects = objects;
        this.check = check;
        this.reports = reports;
    }

    public void pass() throws IOException {
        var changes = objects.changesSince(seen);
        var keys = new TreeSet<K>(changes.keys());
        if (seen < 0 || !changes.complete()) {
            changes.snapshot().forEach(row -> keys.add(row.getKey()));
        }
        for (K key : keys) {
            var object = changes.snapshot().get(key);
            List<Invalid> invalid = object.map(check).orElse(List.of());
            if (!invalid.isEmpty() && !invalid.equals(told.get(key))) {
                for (Invalid each : invalid) {
                    reports.invalid(object.get(), each.toString());
                }
            }
            if (invalid.isEmpty()) {
                told.remove(key);
            } else {
                told.put(key, invalid);
            }
        }
        seen = changes.snapshot().revision();
    }
}
