package dev.tombolo.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The type information of a compiled object: where each field of each C struct is, and in which byte order. */
public final class Btf {
    private static final int INT = 1;
    private static final int PTR = 2;
    private static final int ARRAY = 3;
    private static final int STRUCT = 4;
    private static final int UNION = 5;
    private static final int ENUM = 6;
    private static final int TYPEDEF = 8;
    private static final int RESTRICT = 11;
    private static final int FUNC_PROTO = 13;
    private static final int VAR = 14;
    private static final int DATASEC = 15;
    private static final int DECL_TAG = 17;
    private static final int TYPE_TAG = 18;
    private static final int ENUM64 = 19;
    private static final int SYMBOL_TABLE = 2;
    private static final int SYMBOL_SIZE = 24;

    /** One field of a struct; offset and size in bytes, the size of all elements where it is an array. */
    public record Field(String name, int offset, int size, boolean bigEndian, String struct, int elements) {
        static Field scalar(String name, int offset, int size) {
            return new Field(name, offset, size, false, "", 1);
        }

        boolean isArray() {
            return elements > 1;
        }
    }

    private record Member(String name, int type, int offset) {}

    private record Type(int kind, String name, int sizeOrType, List<Member> members, int elements) {}

    private final List<Type> types = new ArrayList<>();
    private final Map<String, Integer> symbols;
    private final ByteBuffer strings;

    private Btf(ByteBuffer section, Map<String, Integer> symbols) {
        this.symbols = symbols;
        section.order(ByteOrder.LITTLE_ENDIAN);
        if ((section.getShort(0) & 0xFFFF) != 0xEB9F) {
            throw new IllegalArgumentException("not BTF of a little-endian object");
        }
        int header = section.getInt(4);
        strings = section.slice(header + section.getInt(16), section.getInt(20));
        types.add(new Type(0, "void", 0, List.of(), 0));
        var body = section.slice(header + section.getInt(8), section.getInt(12)).order(ByteOrder.LITTLE_ENDIAN);
        while (body.hasRemaining()) {
            types.add(read(body));
        }
    }

    /** Reads the {@code .BTF} section of an ELF object. */
    public static Btf ofElf(byte[] elf) {
        var file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        long table = file.getLong(0x28);
        int size = file.getShort(0x3A) & 0xFFFF;
        int count = file.getShort(0x3C) & 0xFFFF;
        int names = (int) file.getLong((int) table + (file.getShort(0x3E) & 0xFFFF) * size + 0x18);
        for (int i = 0; i < count; i++) {
            int section = (int) table + i * size;
            if (text(file, names + file.getInt(section)).equals(".BTF")) {
                var btf = file.slice((int) file.getLong(section + 0x18), (int) file.getLong(section + 0x20));
                return new Btf(btf, symbols(file, (int) table, size, count));
            }
        }
        throw new IllegalArgumentException("the object has no .BTF section: it was compiled without -g");
    }

    /** Where each symbol is in its section; the compiler leaves the offsets of variables in BTF zero. */
    private static Map<String, Integer> symbols(ByteBuffer file, int table, int size, int count) {
        var symbols = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < count; i++) {
            int section = table + i * size;
            if (file.getInt(section + 4) != SYMBOL_TABLE) {
                continue;
            }
            int names = (int) file.getLong(table + file.getInt(section + 0x28) * size + 0x18);
            int start = (int) file.getLong(section + 0x18);
            int end = start + (int) file.getLong(section + 0x20);
            for (int symbol = start; symbol < end; symbol += SYMBOL_SIZE) {
                symbols.put(text(file, names + file.getInt(symbol)), (int) file.getLong(symbol + 8));
            }
        }
        return symbols;
    }

    /** Fields by name, in the order of C. */
    public Map<String, Field> fields(String struct) {
        var type = named(STRUCT, struct);
        var fields = new LinkedHashMap<String, Field>();
        for (var member : type.members()) {
            fields.put(member.name(), field(member));
        }
        return fields;
    }

    public int size(String struct) {
        return named(STRUCT, struct).sizeOrType();
    }

    /** Names and values of a C enum. */
    public Map<String, Integer> enumValues(String name) {
        var values = new LinkedHashMap<String, Integer>();
        named(ENUM, name).members().forEach(value -> values.put(value.name(), value.offset()));
        return values;
    }

    /** The struct that is the {@code key} or {@code value} of a map, as {@code __type} in C says. */
    public String mapStruct(String map, String role) {
        return types.get(resolve(pointed(map, role))).name();
    }

    /** Bytes of a map's {@code key} or {@code value}. */
    public int mapSize(String map, String role) {
        return sizeOf(pointed(map, role));
    }

    /** The number that {@code __uint} gives a map's attribute. */
    public int mapNumber(String map, String attribute) {
        return types.get(pointed(map, attribute)).elements();
    }

    /** Names of the maps that the object declares. */
    public List<String> maps() {
        return types.stream()
                .filter(type -> type.kind() == DATASEC && type.name().equals(".maps"))
                .flatMap(type -> type.members().stream())
                .map(member -> types.get(member.type()).name())
                .toList();
    }

    private int pointed(String map, String attribute) {
        var definition = types.get(resolve(named(VAR, map).sizeOrType()));
        return definition.members().stream()
                .filter(member -> member.name().equals(attribute))
                .map(member -> types.get(resolve(member.type())).sizeOrType())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("map " + map + " declares no " + attribute));
    }

    /** Where a constant of {@code .rodata} is. */
    public Field constant(String name) {
        return types.stream()
                .filter(type -> type.kind() == DATASEC && type.name().equals(".rodata"))
                .flatMap(type -> type.members().stream())
                .filter(member -> types.get(member.type()).name().equals(name))
                .map(member -> Field.scalar(
                        name, symbols.get(name), sizeOf(types.get(member.type()).sizeOrType())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no constant " + name + " in .rodata"));
    }

    private Field field(Member member) {
        boolean bigEndian = false;
        int id = member.type();
        for (var type = types.get(id); isAlias(type); type = types.get(id)) {
            bigEndian |= type.kind() == TYPEDEF && type.name().startsWith("__be");
            id = type.sizeOrType();
        }
        var type = types.get(id);
        return new Field(
                member.name(),
                member.offset() / 8,
                sizeOf(id),
                bigEndian,
                type.kind() == STRUCT ? type.name() : "",
                type.kind() == ARRAY ? type.elements() : 1);
    }

    private int sizeOf(int id) {
        var type = types.get(resolve(id));
        return switch (type.kind()) {
            case PTR -> 8;
            case ARRAY -> type.elements() * sizeOf(type.sizeOrType());
            default -> type.sizeOrType();
        };
    }

    private int resolve(int id) {
        while (isAlias(types.get(id))) {
            id = types.get(id).sizeOrType();
        }
        return id;
    }

    private static boolean isAlias(Type type) {
        return type.kind() >= TYPEDEF && type.kind() <= RESTRICT || type.kind() == TYPE_TAG;
    }

    private Type named(int kind, String name) {
        Optional<Type> found = types.stream()
                .filter(type -> type.kind() == kind && type.name().equals(name))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("the object has no type named " + name));
    }

    private Type read(ByteBuffer body) {
        String name = text(strings, body.getInt());
        int info = body.getInt();
        int sizeOrType = body.getInt();
        int kind = info >>> 24 & 0x1F;
        int count = info & 0xFFFF;
        var members = new ArrayList<Member>();
        int elements = 0;
        switch (kind) {
            case INT, VAR, DECL_TAG -> body.getInt();
            case ARRAY -> {
                sizeOrType = body.getInt();
                body.getInt();
                elements = body.getInt();
            }
            case STRUCT, UNION -> members.addAll(members(body, count, info < 0));
            case ENUM -> members.addAll(enumerators(body, count));
            case FUNC_PROTO -> body.position(body.position() + 8 * count);
            case ENUM64 -> body.position(body.position() + 12 * count);
            case DATASEC -> members.addAll(variables(body, count));
            default -> {}
        }
        return new Type(kind, name, sizeOrType, members, elements);
    }

    private List<Member> members(ByteBuffer body, int count, boolean bitFields) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            String name = text(strings, body.getInt());
            int type = body.getInt();
            int offset = body.getInt();
            members.add(new Member(name, type, bitFields ? offset & 0xFFFFFF : offset));
        }
        return members;
    }

    private List<Member> enumerators(ByteBuffer body, int count) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            members.add(new Member(text(strings, body.getInt()), 0, body.getInt()));
        }
        return members;
    }

    private static List<Member> variables(ByteBuffer body, int count) {
        var members = new ArrayList<Member>();
        for (int i = 0; i < count; i++) {
            int type = body.getInt();
            int offset = body.getInt();
            body.getInt();
            members.add(new Member("", type, offset));
        }
        return members;
    }

    private static String text(ByteBuffer bytes, int at) {
        int end = at;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] copy = new byte[end - at];
        bytes.get(at, copy);
        return new String(copy, java.nio.charset.StandardCharsets.UTF_8);
    }
}
