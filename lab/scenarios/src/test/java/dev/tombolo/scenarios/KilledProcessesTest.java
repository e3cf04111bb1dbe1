package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.Shop;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every process of ours killed with SIGKILL under load. */
@ExtendWith(InMeshLab.class)
class KilledProcessesTest {
    @ParameterizedTest
    @CsvSource({
        "tombolo-agent, agent, 1",
        "tombolo-agent, agent, 2",
        "clustermesh-apiserver, apiserver, 1",
        "clustermesh-apiserver, apiserver, 2",
        "clustermesh-apiserver, etcd, 1",
        "clustermesh-apiserver, etcd, 2",
    })
    void losesNoRequest(String app, String container, int cluster, MeshLab lab) {
        var load = lab.shop.startLoad(1, 8, 100);
        lab.signal("kill", cluster, app, container);
        var result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
    }
}
