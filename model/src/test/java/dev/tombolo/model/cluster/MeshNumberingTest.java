package dev.tombolo.model.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshNumberingTest {
    @ParameterizedTest
    @CsvSource({
        "255, 1, 65536, 131071, 100.64.64.0/18",
        "255, 3, 196608, 262143, 100.64.192.0/18",
        "255, 255, 16711680, 16777215, 100.127.192.0/18",
        "511, 1, 32768, 65535, 100.64.32.0/19",
        "511, 511, 16744448, 16777215, 100.127.224.0/19",
    })
    void cutsIdentitiesAndTunnelSpaceByCluster(int width, int id, long first, long last, String tunnelRange) {
        var numbering = MeshNumbering.of(width);
        var cluster = new ClusterId(id);
        assertThat(numbering.firstIdentity(cluster).value()).isEqualTo(first);
        assertThat(numbering.lastIdentity(cluster).value()).isEqualTo(last);
        assertThat(numbering.defaultTunnelRange(cluster)).hasToString(tunnelRange);
        assertThat(numbering.belongsTo(numbering.lastIdentity(cluster), cluster))
                .isTrue();
    }
}
