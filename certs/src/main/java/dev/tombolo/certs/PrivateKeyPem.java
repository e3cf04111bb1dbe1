package dev.tombolo.certs;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Objects;

/** A private key as PKCS#8 PEM. Printing it shows nothing of it. */
public final class PrivateKeyPem {
    private static final int CHALLENGE_BYTES = 32;

    private final String pem;
    private final PrivateKey key;

    private PrivateKeyPem(String pem, PrivateKey key) {
        this.pem = pem;
        this.key = key;
    }

    static PrivateKeyPem of(PrivateKey key) {
        return new PrivateKeyPem(Pem.encode(Pem.PRIVATE_KEY, key.getEncoded()), key);
    }

    /**
     * Reads a key as it stands in a Secret or file.
     *
     * @param where what the text was read from, for the error
     */
    public static PrivateKeyPem read(String where, String pem) throws UnreadablePem {
        return new PrivateKeyPem(pem, Pem.privateKey(where, pem));
    }

    /** The secret itself; only for a file of mode 0600, a Secret or a TLS library. */
    public String pem() {
        return pem;
    }

    PrivateKey key() {
        return key;
    }

    /** True if this is the other half of the public key. */
    boolean opens(PublicKey other) {
        try {
            byte[] challenge = new byte[CHALLENGE_BYTES];
            new SecureRandom().nextBytes(challenge);
            var signature = Signature.getInstance(KeyForms.signatureOf(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(challenge);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(challenge);
            return signature.verify(signed);
        } catch (GeneralSecurityException differentKind) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateKeyPem that && that.pem.equals(pem);
    }

    @Override
    public int hashCode() {
        return Objects.hash(PrivateKeyPem.class);
    }

    @Override
    public String toString() {
        return "private key (hidden)";
    }
}
