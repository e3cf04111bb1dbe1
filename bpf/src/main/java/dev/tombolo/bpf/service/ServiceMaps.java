package dev.tombolo.bpf.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services in the kernel. A change writes the slots of a new generation, flips the frontend, then deletes what is old,
 * so that a connect meets the service before or after the change and never between. Slots of a table, each of which stands for
 * itself, change in place where the table stays as large. Ids survive a restart because they
 * are read back from the maps.
 */
public final class ServiceMaps implements Target<ServiceKey, ServiceEntry> {
    /** What a service was and what it becomes. */
    private record Change(ServiceKey key, HeldService before, HeldService after) {}

    private final BpfMap<ServiceFrontendKey, ServiceFrontend> frontends;
    private final BpfMap<ServiceSlotKey, ServiceSlot> slots;
    private final BpfMap<BackendKey, BackendRow> backends;
    private final SourceRows sources;
    private final Map<ServiceKey, HeldService> held = new HashMap<>();
    private final Ids serviceIds = new Ids();
    private final Ids backendIds = new Ids();
    private final TableRoom room;

    public ServiceMaps(
            BpfMap<ServiceFrontendKey, ServiceFrontend> frontends,
            BpfMap<ServiceSlotKey, ServiceSlot> slots,
            BpfMap<BackendKey, BackendRow> backends,
            BpfMap<ServiceSourceKey, ServiceSource> sources)
            throws BpfException {
        this.frontends = frontends;
        this.slots = slots;
        this.backends = backends;
        this.sources = new SourceRows(sources);
        this.room = new TableRoom(slots.capacity());
        read();
    }

    @Override
    public synchronized Map<ServiceKey, ServiceEntry> observe() throws BpfException {
        read();
        var entries = new HashMap<ServiceKey, ServiceEntry>();
        held.forEach((key, service) -> entries.put(key, service.entry(room)));
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
        rows.forEach((key, entry) -> {
            try {
                refuseMixedFamilies(key, entry);
            } catch (IllegalArgumentException invalid) {
                failures.put(key, new IOException(invalid.getMessage(), invalid));
            }
        });
        var valid = rows;
        if (!failures.isEmpty()) {
            valid = new LinkedHashMap<>(rows);
            valid.keySet().removeAll(failures.keySet());
        }
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
        slots.deleteAll(service.slotKeys());
        for (int id : service.ids()) {
            backends.delete(new BackendKey(id));
        }
        held.remove(key);
        room.replace(service, HeldService.NOTHING);
        sources.remove(service.frontend().serviceId(), service.clients(), Clients.OF_CLUSTER);
        serviceIds.release(service.frontend().serviceId());
        for (int id : service.ids()) {
            backendIds.release(id);
        }
    }

    /** How many services have a list although a table is due to them: there is no room for it. */
    public synchronized long withoutTable() {
        return held.values().stream().filter(HeldService::lacksTable).count();
    }

    private void apply(Map<ServiceKey, ServiceEntry> rows) throws IOException {
        try {
            apply(rows, room);
        } catch (BpfException failure) {
            if (!failure.isFull() || rows.values().stream().noneMatch(ServiceMaps::wantsTable)) {
                throw failure;
            }
            // Lists take less.
            apply(rows, TableRoom.FULL);
        }
    }

    private static boolean wantsTable(ServiceEntry entry) {
        return HeldService.NOTHING
                .next(entry, new Ids(), new Ids(), TableRoom.FULL)
                .lacksTable();
    }

    private void apply(Map<ServiceKey, ServiceEntry> rows, TableRoom forTables) throws BpfException {
        var changes = new ArrayList<Change>(rows.size());
        try {
            rows.forEach((key, entry) -> {
                var before = held.getOrDefault(key, HeldService.NOTHING);
                var after = before.next(entry, serviceIds, backendIds, forTables);
                changes.add(new Change(key, before, after));
                room.replace(before, after);
            });
            writeNew(changes);
        } catch (BpfException failure) {
            takeBack(changes);
            throw failure;
        }
        deleteOld(changes);
        changes.forEach(change -> held.put(change.key(), change.after()));
    }

    private void writeNew(List<Change> changes) throws BpfException {
        backends.putAll(put -> {
            for (var change : changes) {
                writeBackends(change.before(), change.after(), put);
            }
        });
        slots.putAll(put -> {
            for (var change : changes) {
                writeSlots(change.before(), change.after(), put);
            }
        });
        for (var change : changes) {
            sources.add(change.after().frontend().serviceId(), change.after().clients());
        }
        frontends.putAll(put -> {
            for (var change : changes) {
                if (!change.before().frontend().equals(change.after().frontend())) {
                    put.row(change.key().row(), change.after().frontend());
                }
            }
        });
    }

    private static void writeBackends(HeldService before, HeldService after, BpfMap.Put<BackendKey, BackendRow> put)
            throws BpfException {
        for (int i = 0; i < after.rows().length; i++) {
            if (!before.holds(after.rows()[i])) {
                put.row(new BackendKey(after.ids()[i]), after.rows()[i]);
            }
        }
    }

    private static void writeSlots(HeldService before, HeldService after, BpfMap.Put<ServiceSlotKey, ServiceSlot> put)
            throws BpfException {
        boolean anew = HeldService.flips(before, after);
        for (int i = 0; i < after.slots().length; i++) {
            if (anew || before.slots()[i] != after.slots()[i]) {
                put.row(after.slotKey(i), new ServiceSlot(after.slots()[i]));
            }
        }
    }

    private void deleteOld(List<Change> changes) throws BpfException {
        for (var change : changes) {
            var before = change.before();
            var after = change.after();
            sources.remove(after.frontend().serviceId(), before.clients(), after.clients());
            if (before != HeldService.NOTHING && HeldService.flips(before, after)) {
                slots.deleteAll(before.slotKeys());
            }
            for (int i = 0; i < before.rows().length; i++) {
                if (!after.has(before.rows()[i])) {
                    backends.delete(new BackendKey(before.ids()[i]));
                    backendIds.release(before.ids()[i]);
                }
            }
        }
    }

    /** A full map leaves nothing half: what was before goes on. */
    private void takeBack(List<Change> changes) throws BpfException {
        for (var change : changes) {
            var before = change.before();
            var after = change.after();
            room.replace(after, before);
            sources.remove(after.frontend().serviceId(), after.clients(), before.clients());
            if (before == HeldService.NOTHING) {
                frontends.delete(change.key().row());
                serviceIds.release(after.frontend().serviceId());
            } else {
                frontends.put(change.key().row(), before.frontend());
            }
            if (HeldService.flips(before, after)) {
                slots.deleteAll(after.slotKeys());
            } else {
                slots.putAll(put -> writeSlots(after, before, put));
            }
            for (int i = 0; i < after.rows().length; i++) {
                if (!before.has(after.rows()[i])) {
                    backends.delete(new BackendKey(after.ids()[i]));
                    backendIds.release(after.ids()[i]);
                }
            }
            for (int i = 0; i < before.rows().length; i++) {
                if (after.has(before.rows()[i])) {
                    backends.put(new BackendKey(before.ids()[i]), before.rows()[i]);
                }
            }
        }
    }

    private void read() throws BpfException {
        var slotRows = slots.entries();
        var rows = backends.entries();
        var ranges = sources.read();
        held.clear();
        serviceIds.clear();
        backendIds.clear();
        room.clear();
        var rowsByService = new HashMap<Integer, List<Map.Entry<BackendKey, BackendRow>>>();
        rows.entrySet()
                .forEach(row -> rowsByService
                        .computeIfAbsent(row.getValue().serviceId(), _ -> new ArrayList<>())
                        .add(row));
        int live = 0;
        for (var row : new FrontendRows(frontends).read().entrySet()) {
            var frontend = row.getValue();
            var own = rowsByService.getOrDefault(frontend.serviceId(), List.of());
            var service = HeldService.read(
                    frontend, own, slotsOf(frontend, slotRows), ranges.getOrDefault(frontend.serviceId(), Set.of()));
            held.put(row.getKey(), service);
            room.replace(HeldService.NOTHING, service);
            serviceIds.use(frontend.serviceId());
            own.forEach(backend -> backendIds.use(backend.getKey().backendId()));
            live += (int)
                    service.slotKeys().stream().filter(slotRows::containsKey).count();
        }
        for (var row : ranges.entrySet()) {
            if (!serviceIds.uses(row.getKey())) {
                sources.removeAll(row.getKey(), row.getValue());
            }
        }
        if (live < slotRows.size()) {
            sweepSlots(slotRows.keySet());
        }
        backends.deleteAll(rows.keySet().stream()
                .filter(key -> !backendIds.uses(key.backendId()))
                .toList());
    }

    private static int[] slotsOf(ServiceFrontend frontend, Map<ServiceSlotKey, ServiceSlot> slotRows) {
        var none = new ServiceSlot(0);
        var found = new int[frontend.count()];
        for (int i = 0; i < found.length; i++) {
            var key = new ServiceSlotKey(frontend.serviceId(), frontend.generation(), i);
            found[i] = slotRows.getOrDefault(key, none).backendId();
        }
        return found;
    }

    /** What a writer that was killed half way left behind. */
    private void sweepSlots(Set<ServiceSlotKey> all) throws BpfException {
        var live = new HashSet<ServiceSlotKey>();
        held.values().forEach(service -> live.addAll(service.slotKeys()));
        slots.deleteAll(all.stream().filter(key -> !live.contains(key)).toList());
    }

    private static void refuseMixedFamilies(ServiceKey key, ServiceEntry entry) {
        for (var backend : entry.backends()) {
            if (backend.address().isV4() != key.address().isV4()) {
                throw new IllegalArgumentException(
                        "service " + key + " cannot be answered by " + backend.address() + " of the other family");
            }
        }
    }
}
