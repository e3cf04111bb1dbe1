package dev.tombolo.agent.node;

import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Base64;
import javax.crypto.KeyAgreement;

/** This node's WireGuard key; the private half is 32 bytes in a file of mode 0600 and is never printed. */
public final class NodeKey {
    private static final String FILE = "wireguard.key";
    private static final BigInteger BASE_POINT = BigInteger.valueOf(9);
    private final byte[] privateKey;
    private final WireGuardKey publicKey;

    private NodeKey(byte[] privateKey) throws IOException {
        this.privateKey = privateKey;
        this.publicKey = publicKey(privateKey);
    }

    /** Reads the key, or makes one that is there before it is used: a lost key would make every peer wait for a new one. */
    public static NodeKey loadOrCreate(Path stateDirectory, SecureRandom random) throws IOException {
        Path file = stateDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(stateDirectory);
            var fresh = new byte[32];
            random.nextBytes(fresh);
            Path unfinished = Files.createTempFile(
                    stateDirectory,
                    FILE,
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, Base64.getEncoder().encodeToString(clamped(fresh)) + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            byte[] read = Base64.getDecoder().decode(Files.readString(file).strip());
            if (read.length == 32) {
                return new NodeKey(read);
            }
        } catch (IllegalArgumentException notBase64) {
            throw new IOException(file + " holds no WireGuard key; remove it to get a new one", notBase64);
        }
        throw new IOException(file + " holds no WireGuard key; remove it to get a new one");
    }

    public WireGuardKey publicKey() {
        return publicKey;
    }

    public byte[] privateBytes() {
        return privateKey.clone();
    }

    private static byte[] clamped(byte[] key) {
        key[0] &= (byte) 0xF8;
        key[31] &= 0x7F;
        key[31] |= 0x40;
        return key;
    }

    private static WireGuardKey publicKey(byte[] privateKey) throws IOException {
        try {
            var keys = KeyFactory.getInstance("X25519");
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
            agreement.doPhase(keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE_POINT)), true);
            return WireGuardKey.of(agreement.generateSecret());
        } catch (GeneralSecurityException impossible) {
            throw new IOException("the JDK cannot compute with X25519", impossible);
        }
    }

    @Override
    public String toString() {
        return "NodeKey[" + publicKey + "]";
    }
}
