package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateKeyTest {
    @TempDir
    Path directory;

    /** A pair made by wg genkey and wg pubkey. */
    @Test
    void thePublicKeyIsTheOneThatWireGuardToolsDerive() {
        var key = PrivateKey.tryParse("mKfONEtqdPW0vRKUW+GeVHCgsUR2wwS6OKp+Dl2sUEA=")
                .orElseThrow();
        assertThat(key.publicKey().base64()).isEqualTo("AHHMThYk80DSGOYL1M/GWqeR1CFBwypvwA1JGFnCuRQ=");
    }

    @Test
    void itNeverPrintsItself() {
        var key = PrivateKey.generate();
        assertThat(key.toString())
                .doesNotContain(key.base64())
                .contains(key.publicKey().base64());
    }

    @Test
    void theStoreMakesAKeyOnceAndKeepsItToItself() throws IOException {
        var store = new WireGuardKeyStore(directory.resolve("state"));
        var key = store.loadOrCreate();
        var file = directory.resolve("state/wireguard.key");
        assertThat(store.loadOrCreate()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("state")).isDirectoryContaining(file::equals);
    }

    @Test
    void aFileOpenToOthersIsClosed() throws IOException {
        var store = new WireGuardKeyStore(directory);
        store.loadOrCreate();
        var file = directory.resolve("wireguard.key");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        store.loadOrCreate();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedFileIsNamedButNotShown() throws IOException {
        Files.writeString(directory.resolve("wireguard.key"), "c2VjcmV0\n");
        assertThatThrownBy(() -> new WireGuardKeyStore(directory).loadOrCreate())
                .hasMessageContaining("holds no WireGuard private key")
                .hasMessageNotContaining("c2VjcmV0");
    }
}
