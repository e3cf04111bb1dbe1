package dev.tombolo.bpf.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The services in the kernel, by what a client dials. */
record FrontendRows(BpfMap<ServiceFrontendKey, ServiceFrontend> rows) {
    /**
     * Without those that another version left and nobody can keep. A version that knows no scopes takes two rows of one
     * address for one, and may have given both the same id: then the row for everybody has it.
     */
    Map<ServiceKey, ServiceFrontend> read() throws BpfException {
        var found = new HashMap<ServiceKey, ServiceFrontend>();
        var scoped = new ArrayList<Map.Entry<ServiceFrontendKey, ServiceFrontend>>();
        var ids = new HashSet<Integer>();
        for (var row : rows.entries().entrySet()) {
            if (row.getKey().scope() == ServiceScope.EVERYBODY.ordinal()) {
                ids.add(row.getValue().serviceId());
                found.put(ServiceKey.of(row.getKey(), ServiceScope.EVERYBODY), row.getValue());
            } else {
                scoped.add(row);
            }
        }
        var strays = new ArrayList<ServiceFrontendKey>();
        for (var row : scoped) {
            var scope = ServiceScope.of(row.getKey().scope());
            if (scope.isPresent() && ids.add(row.getValue().serviceId())) {
                found.put(ServiceKey.of(row.getKey(), scope.get()), row.getValue());
            } else {
                strays.add(row.getKey());
            }
        }
        remove(strays);
        return found;
    }

    private void remove(List<ServiceFrontendKey> strays) throws BpfException {
        if (!strays.isEmpty()) {
            rows.deleteAll(strays);
        }
    }
}
