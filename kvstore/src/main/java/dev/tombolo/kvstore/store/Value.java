package dev.tombolo.kvstore.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of one key: immutable, compared by content. */
public final class Value {
    private final byte[] bytes;

    private Value(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Value of(byte[] bytes) {
        return new Value(bytes.clone());
    }

    public static Value of(String text) {
        return new Value(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int size() {
        return bytes.length;
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value value && Arrays.equals(bytes, value.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
