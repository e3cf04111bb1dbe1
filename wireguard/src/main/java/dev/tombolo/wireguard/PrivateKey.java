package dev.tombolo.wireguard;

import dev.tombolo.model.node.WireGuardKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** A WireGuard private key. It never prints itself. */
public final class PrivateKey {
    private static final int BYTES = 32;
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);

    private final byte[] bytes;
    private final WireGuardKey publicKey;

    private PrivateKey(byte[] bytes) {
        this.bytes = bytes;
        publicKey = WireGuardKey.of(timesBasePoint(bytes));
    }

    public static PrivateKey generate() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return of(bytes);
    }

    /** Clamped, as every X25519 key is. */
    static PrivateKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a private key has " + BYTES + " bytes, not " + bytes.length);
        }
        var clamped = bytes.clone();
        clamped[0] &= (byte) 0xF8;
        clamped[31] = (byte) (clamped[31] & 0x7F | 0x40);
        return new PrivateKey(clamped);
    }

    /** Empty where the text is not a key; the text is never part of a message. */
    static Optional<PrivateKey> tryParse(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64))
                    .filter(read -> read.length == BYTES)
                    .map(PrivateKey::of);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    public WireGuardKey publicKey() {
        return publicKey;
    }

    /** A copy, for the device only. */
    byte[] bytes() {
        return bytes.clone();
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The JDK derives no public key from a private one, but agreeing with the base point is the same multiplication. */
    private static byte[] timesBasePoint(byte[] scalar) {
        try {
            var keys = KeyFactory.getInstance("X25519");
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
            agreement.doPhase(keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no X25519", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    @Override
    public String toString() {
        return "private key of " + publicKey;
    }
}
