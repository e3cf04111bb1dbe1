package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes the fields of one struct, one after the other, at the offsets and in the byte order that C gives them. */
public final class FieldWriter {
    private final Btf.Field[] fields;
    private final ByteBuffer out;
    private final int base;
    private int next;

    FieldWriter(Btf.Field[] fields, ByteBuffer out, int base) {
        this.fields = fields;
        this.out = out;
        this.base = base;
    }

    public FieldWriter put(IpAddress address) {
        int at = base + fields[next++].offset();
        out.order(ByteOrder.BIG_ENDIAN).putLong(at, address.high()).putLong(at + 8, address.low());
        return this;
    }

    public FieldWriter put(Enum<?> constant) {
        return put((long) constant.ordinal());
    }

    public FieldWriter put(long number) {
        var field = fields[next++];
        int at = base + field.offset();
        out.order(field.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
        switch (field.size()) {
            case 1 -> out.put(at, (byte) number);
            case 2 -> out.putShort(at, (short) number);
            case 4 -> out.putInt(at, (int) number);
            default -> out.putLong(at, number);
        }
        return this;
    }

    /** An array of 32-bit numbers; what the list is short of is zero. */
    public FieldWriter put(List<Integer> numbers) {
        var field = fields[next++];
        if (numbers.size() > field.elements()) {
            throw new IllegalArgumentException(
                    field.name() + " has room for " + field.elements() + " numbers, not " + numbers.size());
        }
        out.order(field.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
        for (int i = 0; i < field.elements(); i++) {
            out.putInt(base + field.offset() + 4 * i, i < numbers.size() ? numbers.get(i) : 0);
        }
        return this;
    }

    /** One component of a record that does not write itself. */
    FieldWriter putAny(Object value) {
        return switch (value) {
            case IpAddress address -> put(address);
            case Enum<?> constant -> put(constant);
            case List<?> numbers ->
                put(numbers.stream().map(Integer.class::cast).toList());
            default -> put(((Number) value).longValue());
        };
    }

    /** To be called after the last field. */
    void end() {
        if (next != fields.length) {
            throw new IllegalStateException("a record wrote " + next + " of " + fields.length + " fields");
        }
    }
}
