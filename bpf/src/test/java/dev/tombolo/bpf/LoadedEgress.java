package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Programs that are loaded already, for the next test: the kernel takes a third of a second to verify them. */
final class LoadedEgress {
    private static final List<String> MAPS = List.of(
            "eg_source",
            "eg_rule",
            "eg_internal",
            "eg_group",
            "eg_gateway",
            "eg_address",
            "eg_nat",
            "eg_frag",
            "eg_flow",
            "eg_saturation",
            "eg_fence",
            "eg_rate",
            "eg_bucket");
    private static final Map<Integer, BpfObject> IDLE = new HashMap<>();

    private LoadedEgress() {}

    /** By room for translations; without any rows. */
    static synchronized BpfObject take(int translations) throws IOException {
        var idle = IDLE.remove(translations);
        return idle == null ? load(translations) : idle;
    }

    static BpfObject load(int translations) throws IOException {
        return BpfObject.open(Branches.layout(), "egress")
                .constant("carrier_l3_offset", Frame.L3)
                .maxEntries("eg_nat", translations)
                .maxEntries("eg_flow", 1024)
                .maxEntries("eg_frag", 1024)
                .maxEntries("eg_address", 64)
                .load();
    }

    static synchronized void giveBack(int translations, BpfObject object) throws BpfException {
        for (String map : MAPS) {
            empty(map, object.mapFd(map));
        }
        var other = IDLE.put(translations, object);
        if (other != null) {
            other.close();
        }
    }

    private static void empty(String map, int fd) throws BpfException {
        var info = MapInfo.of(fd);
        var key = ByteBuffer.allocateDirect(info.keySize()).order(ByteOrder.nativeOrder());
        for (int row = 0; row <= info.maxEntries(); row++) {
            if (LibBpf.mapElement(LibBpf.NEXT_KEY, fd, null, key, 0) < 0) {
                return;
            }
            BpfException.check(LibBpf.mapElement(LibBpf.DELETE, fd, key, null, 0), "emptying", map);
        }
        throw new IllegalStateException("map " + map + " has more rows than it has room for");
    }
}
