package dev.tombolo.bpf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.OptionalInt;

/** Carries a map's state into an object that is about to be loaded. */
record MapCarrier(BpfObject object, PinDirectory pins, Map<String, Integer> sizes) {
    private static final int SK_STORAGE = 24;

    void prepare(String map) throws IOException {
        if (sizes.containsKey(map)) {
            object.maxEntries(map, sizes.get(map));
        }
        var before = find(map);
        if (before.isPresent()) {
            if (wanted(map) == MapInfo.of(before.getAsInt()).maxEntries()) {
                object.reuse(map, before.getAsInt());
            }
            LibBpf.closeFd(before.getAsInt());
        }
    }

    /** True if the map starts empty. A map that changed size is filled from the one before it. */
    boolean finish(String map) throws IOException {
        var before = find(map);
        int fd = object.mapFd(map);
        if (before.isPresent()
                && MapInfo.of(before.getAsInt()).id() != MapInfo.of(fd).id()) {
            RawMap.of(before.getAsInt()).copyTo(fd);
        }
        pins.pin("maps", map, fd);
        before.ifPresent(LibBpf::closeFd);
        return before.isEmpty();
    }

    private int wanted(String map) {
        return object.btf().mapNumber(map, "type") == SK_STORAGE
                ? 0
                : sizes.getOrDefault(map, object.btf().mapNumber(map, "max_entries"));
    }

    /** The pinned map of that name and the same struct sizes, of this version or another. */
    private OptionalInt find(String map) throws IOException {
        var places = new ArrayList<PinDirectory>();
        places.add(pins);
        places.addAll(pins.others());
        for (var place : places) {
            var fd = place.open("maps", map);
            if (fd.isPresent() && agrees(map, MapInfo.of(fd.getAsInt()))) {
                return fd;
            }
            fd.ifPresent(LibBpf::closeFd);
        }
        return OptionalInt.empty();
    }

    private boolean agrees(String map, MapInfo info) {
        return info.type() == object.btf().mapNumber(map, "type")
                && info.keySize() == object.btf().mapSize(map, "key")
                && info.valueSize() == object.btf().mapSize(map, "value");
    }
}
