package dev.tombolo.bpf.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Services in the kernel. A change writes the slots of a new generation, flips the frontend, then deletes what is old,
 * so that a connect meets the service before or after the change and never between. Ids survive a restart because they
 * are read back from the maps.
 */
public final class ServiceMaps implements Target<ServiceKey, ServiceEntry> {
    private final BpfMap<ServiceFrontendKey, ServiceFrontend> frontends;
    private final BpfMap<ServiceSlotKey, ServiceSlot> slots;
    private final BpfMap<BackendKey, BackendRow> backends;
    private final Map<ServiceKey, HeldService> held = new HashMap<>();
    private final BitSet serviceIds = new BitSet();
    private final BitSet backendIds = new BitSet();

    public ServiceMaps(
            BpfMap<ServiceFrontendKey, ServiceFrontend> frontends,
            BpfMap<ServiceSlotKey, ServiceSlot> slots,
            BpfMap<BackendKey, BackendRow> backends)
            throws BpfException {
        this.frontends = frontends;
        this.slots = slots;
        this.backends = backends;
        read();
    }

    @Override
    public synchronized Map<ServiceKey, ServiceEntry> observe() throws BpfException {
        read();
        var entries = new HashMap<ServiceKey, ServiceEntry>();
        held.forEach((key, service) -> entries.put(key, service.entry()));
        return entries;
    }

    @Override
    public synchronized void put(ServiceKey key, ServiceEntry entry) throws IOException {
        refuseMixedFamilies(key, entry);
        apply(Map.of(key, entry));
    }

    @Override
    public synchronized Map<ServiceKey, IOException> putAll(Map<ServiceKey, ServiceEntry> rows) {
        var failures = new LinkedHashMap<ServiceKey, IOException>();
        var valid = new LinkedHashMap<>(rows);
        rows.forEach((key, entry) -> {
            try {
                refuseMixedFamilies(key, entry);
            } catch (IllegalArgumentException invalid) {
                failures.put(key, new IOException(invalid.getMessage(), invalid));
                valid.remove(key);
            }
        });
        try {
            apply(valid);
        } catch (IOException oneIsBad) {
            failures.putAll(Target.super.putAll(valid));
        }
        return failures;
    }

    @Override
    public synchronized void remove(ServiceKey key) throws BpfException {
        var service = held.get(key);
        if (service == null) {
            return;
        }
        frontends.delete(key.row());
        slots.deleteAll(service.slotRows().keySet());
        backends.deleteAll(HeldService.backendKeys(service.rows().keySet()));
        held.remove(key);
        serviceIds.clear(service.frontend().serviceId());
        service.rows().keySet().forEach(backendIds::clear);
    }

    private void apply(Map<ServiceKey, ServiceEntry> rows) throws IOException {
        var next = new LinkedHashMap<ServiceKey, HeldService>();
        try {
            rows.forEach((key, entry) -> next.put(key, plan(held.get(key), entry)));
            writeNew(next);
        } catch (BpfException failure) {
            takeBack(next);
            throw failure;
        }
        deleteOld(next);
        held.putAll(next);
    }

    private HeldService plan(HeldService before, ServiceEntry entry) {
        int serviceId = before == null ? take(serviceIds) : before.frontend().serviceId();
        var ids = new HashMap<HeldService.Place, Integer>();
        var rows = new HashMap<Integer, BackendRow>();
        var active = new ArrayList<Integer>();
        for (var backend : entry.backends()) {
            var place = new HeldService.Place(backend.address(), backend.port());
            Integer known = before == null ? null : before.ids().get(place);
            int id = known == null ? take(backendIds) : known;
            ids.put(place, id);
            rows.put(
                    id,
                    new BackendRow(backend.address(), backend.port(), backend.clusterId(), backend.state(), serviceId));
            if (backend.state() == BackendState.ACTIVE) {
                active.add(id);
            }
        }
        int flags = entry.refuseWhenEmpty() ? HeldService.REFUSE_WHEN_EMPTY : 0;
        int generation = before == null
                ? 0
                : before.slots().equals(active)
                        ? before.frontend().generation()
                        : before.frontend().generation() + 1 & 0xFFFF;
        return new HeldService(new ServiceFrontend(serviceId, generation, active.size(), flags), ids, rows, active);
    }

    private void writeNew(Map<ServiceKey, HeldService> next) throws BpfException {
        var backendRows = new HashMap<BackendKey, BackendRow>();
        var slotRows = new HashMap<ServiceSlotKey, ServiceSlot>();
        var frontendRows = new HashMap<ServiceFrontendKey, ServiceFrontend>();
        next.forEach((key, service) -> {
            var before = held.get(key);
            service.rows().forEach((id, row) -> {
                if (before == null || !row.equals(before.rows().get(id))) {
                    backendRows.put(new BackendKey(id), row);
                }
            });
            if (service.flips(before)) {
                slotRows.putAll(service.slotRows());
            }
            if (before == null || !before.frontend().equals(service.frontend())) {
                frontendRows.put(key.row(), service.frontend());
            }
        });
        backends.putAll(backendRows);
        slots.putAll(slotRows);
        frontends.putAll(frontendRows);
    }

    private void deleteOld(Map<ServiceKey, HeldService> next) throws BpfException {
        for (var row : next.entrySet()) {
            var before = held.get(row.getKey());
            if (before == null) {
                continue;
            }
            if (row.getValue().flips(before)) {
                slots.deleteAll(before.slotRows().keySet());
            }
            var gone = new HashSet<>(before.rows().keySet());
            gone.removeAll(row.getValue().rows().keySet());
            backends.deleteAll(HeldService.backendKeys(gone));
            gone.forEach(backendIds::clear);
        }
    }

    /** A full map leaves nothing half: what was before goes on. */
    private void takeBack(Map<ServiceKey, HeldService> next) throws BpfException {
        for (var row : next.entrySet()) {
            var before = held.get(row.getKey());
            var after = row.getValue();
            if (before == null) {
                frontends.delete(row.getKey().row());
                serviceIds.clear(after.frontend().serviceId());
            } else {
                frontends.put(row.getKey().row(), before.frontend());
            }
            if (after.flips(before)) {
                slots.deleteAll(after.slotRows().keySet());
            }
            for (int id : after.rows().keySet()) {
                if (before == null || !before.rows().containsKey(id)) {
                    backends.delete(new BackendKey(id));
                    backendIds.clear(id);
                } else {
                    backends.put(new BackendKey(id), before.rows().get(id));
                }
            }
        }
    }

    private void read() throws BpfException {
        var slotRows = slots.entries();
        var rows = backends.entries();
        held.clear();
        serviceIds.clear();
        backendIds.clear();
        var idsByService = new HashMap<Integer, Set<Integer>>();
        rows.forEach((key, row) -> idsByService
                .computeIfAbsent(row.serviceId(), _ -> new HashSet<>())
                .add(key.backendId()));
        var liveSlots = new HashSet<ServiceSlotKey>();
        for (var row : frontends.entries().entrySet()) {
            var frontend = row.getValue();
            var ids = idsByService.getOrDefault(frontend.serviceId(), Set.of());
            held.put(ServiceKey.of(row.getKey()), HeldService.restore(frontend, ids, rows, slotRows, liveSlots));
            serviceIds.set(frontend.serviceId());
            ids.forEach(backendIds::set);
        }
        sweep(slotRows.keySet(), liveSlots, rows.keySet());
    }

    /** What a writer that was killed half way left behind. */
    private void sweep(Set<ServiceSlotKey> all, Set<ServiceSlotKey> live, Set<BackendKey> rows) throws BpfException {
        slots.deleteAll(all.stream().filter(key -> !live.contains(key)).toList());
        backends.deleteAll(
                rows.stream().filter(key -> !backendIds.get(key.backendId())).toList());
    }

    private static void refuseMixedFamilies(ServiceKey key, ServiceEntry entry) {
        for (var backend : entry.backends()) {
            if (backend.address().isV4() != key.address().isV4()) {
                throw new IllegalArgumentException(
                        "service " + key + " cannot be answered by " + backend.address() + " of the other family");
            }
        }
    }

    private static int take(BitSet ids) {
        int id = ids.nextClearBit(1);
        ids.set(id);
        return id;
    }
}
