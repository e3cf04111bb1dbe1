package dev.tombolo.certs;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;

/** Which keys are made and which are accepted of others. */
final class KeyForms {
    static final String ACCEPTED = "an EC key of 256 to 521 bits or an RSA key of 2048 to 8192 bits";

    private KeyForms() {}

    static KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    static String signatureOf(String keyAlgorithm) {
        return keyAlgorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    static boolean isAccepted(PublicKey key) {
        return switch (key) {
            case ECPublicKey ec -> within(ec.getParams().getOrder().bitLength(), 256, 521);
            case RSAPublicKey rsa -> within(rsa.getModulus().bitLength(), 2048, 8192);
            default -> false;
        };
    }

    private static boolean within(int bits, int fewest, int most) {
        return bits >= fewest && bits <= most;
    }
}
