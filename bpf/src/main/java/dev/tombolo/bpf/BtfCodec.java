package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Turns a record into a C struct and back. Names come from the record; offsets, sizes and byte order from BTF. */
public final class BtfCodec<T> {
    private record Slot(MethodHandle accessor, Class<?> type, Btf.Field field) {}

    private final List<Slot> slots;
    private final Btf.Field[] fields;
    private final int[] padding;
    private final MethodHandle constructor;
    private final int size;

    private BtfCodec(List<Slot> slots, MethodHandle constructor, int size) {
        this.slots = slots;
        this.fields = slots.stream().map(Slot::field).toArray(Btf.Field[]::new);
        this.constructor = constructor;
        this.size = size;
        this.padding = padding(fields, size);
    }

    /** The bytes that no component fills; they are zero, or keys that should be the same would not be. */
    private static int[] padding(Btf.Field[] fields, int size) {
        var padding = new BitSet(size);
        padding.set(0, size);
        for (var field : fields) {
            padding.clear(field.offset(), field.offset() + field.size());
        }
        return padding.stream().toArray();
    }

    /** Fails unless the record names every field of the struct but padding, each in a type of its size. */
    public static <T extends Record> BtfCodec<T> of(Class<T> record, Btf btf, String struct) {
        var fields = btf.fields(struct);
        var slots = new ArrayList<Slot>();
        for (var component : record.getRecordComponents()) {
            slots.add(slot(component, fields, struct));
        }
        var named = new HashSet<String>();
        slots.forEach(slot -> named.add(slot.field().name()));
        for (String field : fields.keySet()) {
            if (!field.startsWith("pad") && !named.contains(field)) {
                throw new IllegalArgumentException(record.getSimpleName() + " lacks field " + field + " of " + struct);
            }
        }
        return new BtfCodec<>(List.copyOf(slots), constructor(record), btf.size(struct));
    }

    /** For the plain 32-bit key of an array: a record of one int. */
    static <T extends Record> BtfCodec<T> index(Class<T> record) {
        var component = record.getRecordComponents()[0];
        var field = Btf.Field.scalar(component.getName(), 0, 4);
        return new BtfCodec<>(List.of(new Slot(accessor(component), int.class, field)), constructor(record), 4);
    }

    public int size() {
        return size;
    }

    public void write(T value, ByteBuffer out, int base) {
        for (int at : padding) {
            out.put(base + at, (byte) 0);
        }
        var writer = new FieldWriter(fields, out, base);
        if (value instanceof Packed packed) {
            packed.writeTo(writer);
        } else {
            slots.forEach(slot -> writer.putAny(component(slot, value)));
        }
        writer.end();
    }

    private static Object component(Slot slot, Object record) {
        try {
            return slot.accessor().invokeExact(record);
        } catch (Throwable failure) {
            throw new IllegalStateException("record accessor failed", failure);
        }
    }

    public T read(ByteBuffer in, int base) {
        var arguments = new Object[slots.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] =
                    readField(slots.get(i), in, base + slots.get(i).field().offset());
        }
        try {
            @SuppressWarnings("unchecked")
            T value = (T) constructor.invokeExact(arguments);
            return value;
        } catch (Throwable failure) {
            throw new IllegalStateException("the kernel holds a value that the record refuses", failure);
        }
    }

    private static Object readField(Slot slot, ByteBuffer in, int at) {
        if (slot.type() == IpAddress.class) {
            in.order(ByteOrder.BIG_ENDIAN);
            return new IpAddress(in.getLong(at), in.getLong(at + 8));
        }
        in.order(slot.field().bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
        if (slot.type() == List.class) {
            return IntStream.range(0, slot.field().elements())
                    .mapToObj(i -> in.getInt(at + 4 * i))
                    .toList();
        }
        long number = switch (slot.field().size()) {
            case 1 -> in.get(at) & 0xFF;
            case 2 -> in.getShort(at) & 0xFFFF;
            case 4 -> in.getInt(at) & 0xFFFFFFFFL;
            default -> in.getLong(at);
        };
        if (slot.type().isEnum()) {
            return slot.type().getEnumConstants()[(int) number];
        }
        return slot.type() == int.class ? (Object) (int) number : (Object) number;
    }

    private static Slot slot(RecordComponent component, Map<String, Btf.Field> fields, String struct) {
        String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        var field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException("struct " + struct + " has no field " + name);
        }
        if (!fits(component.getType(), field)) {
            throw new IllegalArgumentException("field " + name + " of " + struct + " has " + field.size()
                    + " bytes, which is no " + component.getType().getSimpleName());
        }
        return new Slot(accessor(component), component.getType(), field);
    }

    private static boolean fits(Class<?> type, Btf.Field field) {
        if (type == IpAddress.class) {
            return field.struct().equals("addr") && field.size() == 16;
        }
        if (type == List.class) {
            return field.isArray() && field.size() == 4 * field.elements();
        }
        boolean number = field.struct().isEmpty() && !field.isArray();
        return number
                && (type == int.class && List.of(1, 2, 4).contains(field.size())
                        || type == long.class && List.of(4, 8).contains(field.size())
                        || type.isEnum() && field.size() == 4);
    }

    private static MethodHandle accessor(RecordComponent component) {
        try {
            var method = component.getAccessor();
            method.setAccessible(true);
            var handle = MethodHandles.lookup().unreflect(method);
            return handle.asType(java.lang.invoke.MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(hidden);
        }
    }

    private static MethodHandle constructor(Class<?> record) {
        try {
            Class<?>[] types = java.util.Arrays.stream(record.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            var constructor = record.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, types.length)
                    .asType(java.lang.invoke.MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException hidden) {
            throw new IllegalStateException(hidden);
        }
    }
}
