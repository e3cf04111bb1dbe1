package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;

/**
 * Rows that others write than the agent: programs, and what runs before a pod. They go on in the maps that are there until
 * programs of this version are attached everywhere, so those are kept and copied again until then, into maps of another
 * struct too: what a version adds to one stands at its end, and is zero where nobody has said it.
 */
final class CarriedRows {
    /** Who runs before a pod writes into the map of every version that there is, from when it is pinned. */
    private static final Set<String> OF_PODS = Set.of("eg_source");

    private static final Set<String> OF_PROGRAMS = Set.of("eg_nat", "eg_flow", "lb_nat");

    /** No version has this number: maps that were replaced within their own version, where who holds pods finds them too. */
    private static final int REPLACED = 0;

    private CarriedRows() {}

    static boolean has(String map) {
        return OF_PODS.contains(map) || OF_PROGRAMS.contains(map);
    }

    /** Pins a map of these, and keeps the one that is there until {@link PinnedPrograms#removeOtherVersions}. */
    static void pin(PinDirectory pins, String map, int fd) throws IOException {
        var there = pins.open("maps", map);
        if (there.isPresent()) {
            if (MapInfo.of(there.getAsInt()).id() != MapInfo.of(fd).id()) {
                var replaced = new PinDirectory(pins.bpffs(), REPLACED);
                Files.createDirectories(replaced.path("maps", map).getParent());
                replaced.pin("maps", map, there.getAsInt());
            }
            LibBpf.closeFd(there.getAsInt());
        }
        pins.pin("maps", map, fd);
    }

    /** What the maps of other versions have, and those of this object have not. To be called when all are pinned. */
    static void copy(BpfObject object, PinDirectory pins) throws IOException {
        copy(object, pins, OF_PODS);
        catchUp(object, pins);
    }

    /** The same of what programs of other versions have written since. */
    static void catchUp(BpfObject object, PinDirectory pins) throws IOException {
        copy(object, pins, OF_PROGRAMS);
    }

    private static void copy(BpfObject object, PinDirectory pins, Set<String> maps) throws IOException {
        for (var other : pins.others()) {
            for (String map : object.btf().maps()) {
                if (maps.contains(map)) {
                    copy(other, map, object.mapFd(map));
                }
            }
        }
    }

    private static void copy(PinDirectory other, String map, int fd) throws IOException {
        var there = other.open("maps", map);
        if (there.isEmpty()) {
            return;
        }
        try {
            var from = RawMap.of(there.getAsInt());
            var into = MapInfo.of(fd);
            boolean sameKeys = from.info().type() == into.type() && from.info().keySize() == into.keySize();
            if (sameKeys && from.info().id() != into.id()) {
                from.copyMissingTo(fd);
            }
        } finally {
            LibBpf.closeFd(there.getAsInt());
        }
    }
}
