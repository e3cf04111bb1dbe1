package dev.tombolo.apiserver.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.egress.EgressPolicyReading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EgressTablesTest {
    private final KubeTables kube = KubeTables.empty();
    private final EgressTables tables = EgressTables.start(kube, Rows.CLUSTER1.name(), () -> true);

    @AfterEach
    void stop() {
        tables.close();
    }

    @Test
    void whatMakesNoDifferenceToAPolicyIsNoChange() {
        pod("a", true);
        await().until(() -> tables.pods().snapshot().size() == 1);
        long before = tables.pods().snapshot().revision();
        pod("a", false);
        pod("b", true);
        await().until(() -> tables.pods().snapshot().size() == 2);
        assertThat(tables.pods().snapshot().revision()).isEqualTo(before + 1);
    }

    @Test
    void anAgentsHeartbeatIsNoChange() {
        var held = new EgressProgrammed("p", 1, "");
        says("n1", 0, held);
        await().until(() -> tables.reports().snapshot().size() == 1);
        long before = tables.reports().snapshot().revision();
        says("n1", 30, held);
        says("n2", 30);
        says("n3", 30, held);
        await().until(() -> tables.reports().snapshot().size() == 2);
        assertThat(tables.reports().snapshot().toMap()).containsOnlyKeys("n1", "n3");
        assertThat(tables.reports().snapshot().revision()).isEqualTo(before + 1);
    }

    @Test
    void isDecidedAgainOnlyWhenSomethingItRestsOnChanges() {
        var decided = new DecidedPolicies(kube, tables, Rows.CLUSTER1.name());
        List<EgressPolicyReading> none = List.of();
        var first = decided.now(none);
        assertThat(decided.now(none)).isSameAs(first);
        pod("a", true);
        await().until(() -> tables.pods().snapshot().size() == 1);
        var second = decided.now(none);
        assertThat(second).isNotSameAs(first);
        assertThat(decided.now(List.of())).isSameAs(second);
        assertThat(second.state().pods()).hasSize(1);
    }

    private void pod(String name, boolean ready) {
        var pod = Rows.pod(name, "10.1.1.5", Map.of());
        kube.pods()
                .put(
                        pod.key(),
                        new KubePod(
                                pod.key(),
                                pod.uid(),
                                pod.labels(),
                                pod.annotations(),
                                pod.serviceAccount(),
                                pod.nodeName(),
                                pod.hostNetwork(),
                                pod.podIps(),
                                pod.phase(),
                                ready,
                                pod.terminating(),
                                pod.ports(),
                                pod.containers()));
    }

    private void says(String node, int second, EgressProgrammed... held) {
        kube.agents()
                .put(
                        node,
                        new MeshNodeObject(
                                node,
                                new MeshNodeObject.Status(
                                        "",
                                        true,
                                        null,
                                        List.of(),
                                        0,
                                        List.of(),
                                        List.of(held),
                                        List.of(),
                                        Optional.of(Instant.EPOCH.plusSeconds(second)),
                                        List.of())));
    }
}
