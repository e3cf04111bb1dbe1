package dev.tombolo.docs.reference;

import static dev.tombolo.docs.reference.Markdown.code;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.Btf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code maps.md}: the maps of the eBPF objects, from their BTF; what a map is for is the comment above it in C. */
final class MapsReference {
    private static final List<String> OBJECTS = List.of("socket_lb", "from_tunnel", "egress", "packet_lb");
    private static final Path SOURCES = Path.of("../bpf/src/main/c/maps");

    /** As {@code enum bpf_map_type} of the kernel numbers them. */
    private static final Map<Integer, String> TYPES = Map.of(
            1, "hash",
            2, "array",
            5, "per-CPU hash",
            6, "per-CPU array",
            9, "LRU hash",
            11, "longest-prefix trie",
            24, "socket storage",
            27, "ring buffer");

    private static final int SOCKET_STORAGE = 24;
    private static final int RING = 27;

    /** What the records of a ring are; its declaration does not say. */
    private static final Map<String, String> RECORDS = Map.of("eg_events", "egress_event");

    private MapsReference() {}

    static String page() throws IOException {
        var page = new Markdown().heading(1, "eBPF maps").paragraph("""
                        Every node pins these under `/sys/fs/bpf/tombolo/v1/maps`. Offsets and sizes are in bytes, and are those of
                        the compiled objects. Numbers have the machine's byte order unless the table says big-endian. An IPv4
                        address is IPv4-mapped (`::ffff:a.b.c.d`) everywhere. The number of entries is what an object asks for;
                        a node may be configured with another. The maps `eg_*` are the egress gateway's, loaded with the
                        first egress policy, its own or one of a peer that may use the gateways; the maps `lb_*` are of clients outside,
                        loaded with the first service that has an address for them.""".strip());
        var seen = new LinkedHashSet<String>();
        for (String object : OBJECTS) {
            var btf = BpfObject.btf(object);
            for (String map : btf.maps()) {
                if (seen.add(map)) {
                    section(page, btf, map);
                }
            }
        }
        return page.text();
    }

    private static void section(Markdown page, Btf btf, String map) throws IOException {
        int type = btf.mapNumber(map, "type");
        page.heading(2, map).paragraph(purpose(map));
        if (type == RING) {
            page.paragraph("Type: " + kind(type) + ", " + btf.mapNumber(map, "max_entries") + " bytes.");
            struct(page, btf, "Record", RECORDS.get(map));
            return;
        }
        String size = type == SOCKET_STORAGE ? "one entry a socket" : btf.mapNumber(map, "max_entries") + " entries";
        page.paragraph("Type: " + kind(type) + ", " + size + ".");
        side(page, btf, map, "key");
        side(page, btf, map, "value");
    }

    private static String kind(int type) {
        String name = TYPES.get(type);
        if (name == null) {
            throw new IllegalStateException("map type " + type + " has no name on this page; add it to TYPES");
        }
        return name;
    }

    private static void side(Markdown page, Btf btf, String map, String role) {
        String struct = btf.mapStruct(map, role);
        String title = role.equals("key") ? "Key" : "Value";
        if (isNumber(struct)) {
            page.paragraph(title + ": a number of " + btf.mapSize(map, role) + " bytes.");
            return;
        }
        struct(page, btf, title, struct);
    }

    private static void struct(Markdown page, Btf btf, String title, String struct) {
        page.paragraph(title + ": " + code("struct " + struct) + ", " + btf.size(struct) + " bytes.");
        page.table(
                List.of("Field", "Offset", "Size", "Kind"),
                btf.fields(struct).values().stream().map(MapsReference::field).toList());
    }

    private static boolean isNumber(String type) {
        return type.equals("int") || type.startsWith("unsigned ");
    }

    private static List<String> field(Btf.Field field) {
        String kind = field.name().startsWith("pad")
                ? "zero"
                : !field.struct().isEmpty()
                        ? code("struct " + field.struct())
                        : field.bigEndian() ? "number, big-endian" : "number";
        return List.of(code(field.name()), Integer.toString(field.offset()), Integer.toString(field.size()), kind);
    }

    /** The comment that stands right above the map. */
    private static String purpose(String map) throws IOException {
        var declaration =
                Pattern.compile("/\\*((?:(?!\\*/).)*)\\*/\\s*struct \\{[^}]*} " + map + " SEC\\(", Pattern.DOTALL);
        try (var files = Files.list(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                var found = declaration.matcher(Files.readString(file));
                if (found.find()) {
                    return found.group(1)
                            .lines()
                            .map(line -> line.strip().replaceFirst("^\\* ?", ""))
                            .filter(line -> !line.isEmpty())
                            .collect(Collectors.joining(" "));
                }
            }
        }
        throw new IllegalStateException("no comment above map " + map + " in " + SOURCES);
    }
}
