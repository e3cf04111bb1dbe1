package dev.tombolo.agent.mesh;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.service.MeshService;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A service as one cluster of the mesh exports it; those of one name stand together. */
public record RemoteService(ServiceName name, ClusterName cluster) implements Comparable<RemoteService> {
    private static final ClusterName FIRST_CLUSTER = new ClusterName("0");

    private static final Comparator<RemoteService> ORDER =
            Comparator.comparing(RemoteService::name).thenComparing(RemoteService::cluster);

    /** What all clusters export under a name. */
    public static List<MeshService> named(Table<RemoteService, MeshService> table, ServiceName name) {
        var found = new ArrayList<MeshService>();
        var rows = table.snapshot().from(new RemoteService(name, FIRST_CLUSTER));
        while (rows.hasNext()) {
            var row = rows.next();
            if (!row.getKey().name().equals(name)) {
                break;
            }
            found.add(row.getValue());
        }
        return found;
    }

    @Override
    public int compareTo(RemoteService other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + "@" + cluster;
    }
}
