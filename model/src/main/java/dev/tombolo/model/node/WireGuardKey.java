package dev.tombolo.model.node;

import java.util.Base64;
import java.util.Optional;

/** A WireGuard public key: 32 bytes, written as base64. */
public record WireGuardKey(String base64) implements Comparable<WireGuardKey> {
    public WireGuardKey {
        if (!isValid(base64)) {
            throw new IllegalArgumentException("not a WireGuard public key: " + base64);
        }
    }

    public static WireGuardKey of(byte[] bytes) {
        return new WireGuardKey(Base64.getEncoder().encodeToString(bytes));
    }

    public static Optional<WireGuardKey> tryParse(String text) {
        return isValid(text) ? Optional.of(new WireGuardKey(text)) : Optional.empty();
    }

    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }

    private static boolean isValid(String text) {
        if (text == null || text.length() != 44) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(text).length == 32;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    @Override
    public int compareTo(WireGuardKey other) {
        return base64.compareTo(other.base64);
    }

    @Override
    public String toString() {
        return base64;
    }
}
