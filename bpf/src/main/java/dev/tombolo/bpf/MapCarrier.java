package dev.tombolo.bpf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Carries the state of maps into an object that is about to be loaded: {@link #prepare}, load, {@link #finish}. */
final class MapCarrier implements AutoCloseable {
    /**
     * Rows of these name rows of one another. Were one of them new and the others shared with the programs that serve
     * now, those would be led to rows which they do not have.
     */
    private static final List<Set<String>> BOUND = List.of(
            Set.of("svc_fe", "svc_slot", "svc_backend"),
            Set.of("eg_source", "eg_rule", "eg_group", "eg_gateway", "eg_address"));

    private static final int SK_STORAGE = 24;
    private static final int RING = 27;

    /** From best to worst. */
    private enum Fate {
        SHARED,
        COPIED,
        EMPTY
    }

    private final BpfObject object;
    private final PinDirectory pins;
    private final Map<String, Integer> sizes;
    private final Map<String, Integer> before = new HashMap<>();

    MapCarrier(BpfObject object, PinDirectory pins, Map<String, Integer> sizes) {
        this.object = object;
        this.pins = pins;
        this.sizes = sizes;
    }

    void prepare() throws IOException {
        for (String map : object.btf().maps()) {
            if (sizes.containsKey(map)) {
                object.maxEntries(map, sizes.get(map));
            }
            find(map);
        }
        for (String map : object.btf().maps()) {
            if (fate(map) == Fate.SHARED) {
                object.reuse(map, before.get(map));
            }
        }
    }

    /** Pins the maps, and returns those that start empty. A map that changed size is filled from the one before it. */
    Set<String> finish() throws IOException {
        var empty = new TreeSet<String>();
        for (String map : object.btf().maps()) {
            int fd = object.mapFd(map);
            var fate = fate(map);
            if (fate == Fate.EMPTY) {
                empty.add(map);
            }
            if (CarriedRows.has(map)) {
                CarriedRows.pin(pins, map, fd);
                continue;
            }
            if (fate == Fate.COPIED) {
                RawMap.of(before.get(map)).copyTo(fd);
            }
            pins.pin("maps", map, fd);
        }
        CarriedRows.copy(object, pins);
        return empty;
    }

    private Fate fate(String map) throws BpfException {
        Fate worst = ownFate(map);
        for (var group : BOUND) {
            for (String other : group.contains(map) ? group : Set.<String>of()) {
                Fate fate = ownFate(other);
                worst = fate.compareTo(worst) > 0 ? fate : worst;
            }
        }
        return worst;
    }

    private Fate ownFate(String map) throws BpfException {
        Integer fd = before.get(map);
        if (fd == null) {
            return Fate.EMPTY;
        }
        return wanted(map) == MapInfo.of(fd).maxEntries() ? Fate.SHARED : Fate.COPIED;
    }

    private int wanted(String map) {
        return object.btf().mapNumber(map, "type") == SK_STORAGE
                ? 0
                : sizes.getOrDefault(map, object.btf().mapNumber(map, "max_entries"));
    }

    /** The pinned map of that name and the same struct sizes, of this version or another. */
    private void find(String map) throws IOException {
        var places = new ArrayList<PinDirectory>();
        places.add(pins);
        places.addAll(pins.others());
        for (var place : places) {
            var fd = place.open("maps", map);
            if (fd.isPresent() && agrees(map, MapInfo.of(fd.getAsInt()))) {
                before.put(map, fd.getAsInt());
                return;
            }
            fd.ifPresent(LibBpf::closeFd);
        }
    }

    private boolean agrees(String map, MapInfo info) {
        if (info.type() != object.btf().mapNumber(map, "type")) {
            return false;
        }
        // A ring has no struct that could tell an event of another version from ours.
        return info.type() != RING
                && info.keySize() == object.btf().mapSize(map, "key")
                && info.valueSize() == object.btf().mapSize(map, "value");
    }

    @Override
    public void close() {
        before.values().forEach(LibBpf::closeFd);
    }
}
