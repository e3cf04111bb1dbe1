package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel holds of one service.
 *
 * @param ids of its backends
 * @param rows of its backends, by id
 * @param slots the ids of the active backends, in order
 */
record HeldService(
        ServiceFrontend frontend,
        Map<HeldService.Place, Integer> ids,
        Map<Integer, BackendRow> rows,
        List<Integer> slots) {
    static final int REFUSE_WHEN_EMPTY = 1;

    /** Where a backend is: it keeps its id as long as it stays there. */
    record Place(IpAddress address, int port) {}

    /** @param live receives the keys of the slots that the frontend names */
    static HeldService restore(
            ServiceFrontend frontend,
            Set<Integer> ids,
            Map<BackendKey, BackendRow> rows,
            Map<ServiceSlotKey, ServiceSlot> slotRows,
            Set<ServiceSlotKey> live) {
        var idByPlace = new HashMap<Place, Integer>();
        var ownRows = new HashMap<Integer, BackendRow>();
        for (int id : ids) {
            var row = rows.get(new BackendKey(id));
            ownRows.put(id, row);
            idByPlace.put(new Place(row.address(), row.port()), id);
        }
        var active = new ArrayList<Integer>();
        for (int i = 0; i < frontend.count(); i++) {
            var key = new ServiceSlotKey(frontend.serviceId(), frontend.generation(), i);
            live.add(key);
            // A slot that is missing reads as no backend: the next put sees a difference and flips.
            active.add(slotRows.getOrDefault(key, new ServiceSlot(0)).backendId());
        }
        return new HeldService(frontend, idByPlace, ownRows, active);
    }

    boolean flips(HeldService before) {
        return before == null || before.frontend().generation() != frontend.generation();
    }

    ServiceEntry entry() {
        var backends = rows.entrySet().stream()
                .filter(row -> row.getValue().state() != BackendState.ACTIVE || slots.contains(row.getKey()))
                .map(Map.Entry::getValue)
                .map(row -> new ServiceBackend(row.address(), row.port(), row.clusterId(), row.state()))
                .sorted(Comparator.comparing(ServiceBackend::port))
                .toList();
        return new ServiceEntry(backends, (frontend.flags() & REFUSE_WHEN_EMPTY) != 0);
    }

    Map<ServiceSlotKey, ServiceSlot> slotRows() {
        var all = new LinkedHashMap<ServiceSlotKey, ServiceSlot>();
        for (int i = 0; i < slots.size(); i++) {
            all.put(new ServiceSlotKey(frontend.serviceId(), frontend.generation(), i), new ServiceSlot(slots.get(i)));
        }
        return all;
    }

    static List<BackendKey> backendKeys(Set<Integer> ids) {
        return ids.stream().map(BackendKey::new).toList();
    }
}
