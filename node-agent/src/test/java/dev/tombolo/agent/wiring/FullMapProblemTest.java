package dev.tombolo.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.status.Problems;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.kube.object.MeshNodeObject.MapUse;
import dev.tombolo.reconciler.loop.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FullMapProblemTest {
    private static final int E2BIG = 7;

    @Test
    void aRowThatDoesNotFitNamesTheMapAndTheSettingToRaise() {
        String reason = new BpfException("update", "map svc_backend", E2BIG, "capacity 3").getMessage();
        var failure = new Failure(reason, 1, Instant.EPOCH, Instant.EPOCH);
        var problem = Problems.ofTable(
                        "frontends", Map.of("10.96.0.7:80/TCP", failure), Optional.empty(), MapSizes::setting)
                .getFirst();
        assertThat(problem.message()).contains("10.96.0.7:80/TCP is not applied", "map svc_backend", "capacity 3");
        assertThat(problem.fix()).contains("tombolo upgrade --set maps.backends=NUMBER");
    }

    @Test
    void aMapThatIsNearlyFullIsNamedBeforeItIsFull() {
        assertThat(Problems.ofMaps(
                        List.of(new MapUse("ipc_host", 95, 100), new MapUse("svc_fe", 1, 100)), MapSizes::setting))
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).contains("--set maps.addresses=NUMBER"));
    }
}
