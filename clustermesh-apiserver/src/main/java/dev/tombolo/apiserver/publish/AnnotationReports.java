package dev.tombolo.apiserver.publish;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.service.ServiceAnnotations;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the owner of a Service which of its annotations are not understood, once for each change. */
public final class AnnotationReports {
    private final Table<ObjectKey, KubeService> services;
    private final Reports reports;
    private final Map<ObjectKey, List<Invalid>> told = new HashMap<>();
    private long seen = -1;

    /** Shows a message on a Service. */
    public interface Reports {
        void invalid(KubeService service, String message) throws IOException;
    }

    public AnnotationReports(Table<ObjectKey, KubeService> services, Reports reports) {
        this.services = services;
        this.reports = reports;
    }

    public void pass() throws IOException {
        var changes = services.changesSince(seen);
        var keys = new java.util.TreeSet<ObjectKey>(changes.keys());
        if (seen < 0 || !changes.complete()) {
            changes.snapshot().forEach(row -> keys.add(row.getKey()));
        }
        for (ObjectKey key : keys) {
            var service = changes.snapshot().get(key);
            List<Invalid> invalid = service.map(row -> ServiceAnnotations.parse(
                                    new ServiceName(key.namespace(), key.name()), row.annotations())
                            .invalid())
                    .orElse(List.of());
            if (!invalid.isEmpty() && !invalid.equals(told.get(key))) {
                for (Invalid each : invalid) {
                    reports.invalid(service.get(), each.toString());
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
