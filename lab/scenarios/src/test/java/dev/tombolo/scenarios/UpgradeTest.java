package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import dev.tombolo.lab.programs.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Another version with other settings, rolled out under load in both clusters, and back: no request may be lost. The
 * settings are those that make two faults quick: leases that are over soon, and a map that is soon full.
 */
@ExtendWith(InMeshLab.class)
class UpgradeTest {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int SMALLEST_MAP = 16;

    @BeforeAll
    static void losesNoRequest(MeshLab lab) {
        upgrade(
                lab,
                "image.version=0.1.1",
                "kvstore.lease=" + LEASE.toSeconds() + "s",
                "kvstore.heartbeat=3s",
                "maps.services=" + SMALLEST_MAP);
    }

    @AfterAll
    static void losesNoRequestOnTheWayBack(MeshLab lab) {
        upgrade(lab, "image.version=0.1.0", "kvstore.lease=15m", "kvstore.heartbeat=60s", "maps.services=");
    }

    @Test
    void aFullMapIsAnErrorInStatusAndWhatWasServedGoesOn(MeshLab lab) {
        lab.programs.apply(
                1,
                IntStream.rangeClosed(1, SMALLEST_MAP + 4)
                        .mapToObj(UpgradeTest::service)
                        .collect(Collectors.joining("---\n")));
        MeshLab.await(
                "status to say that the map is full", () -> lab.problems(1).contains("is not applied"));
        assertThat(lab.problems(1)).contains("svc_fe", "tombolo upgrade --set maps.services=");
        expectNothingLost(lab.shop.startLoad(1, 3, 100));
        lab.programs.kubectl(1, "-n", "shop", "delete", "services", "-l", "scenario=full");
    }

    /** First the peer's mesh server is dead, then this cluster's own too. */
    @Test
    void deadMeshServersCostNothingAlsoWhenTheirLeasesAreOver(MeshLab lab) {
        var load = lab.shop.startLoad(1, (int) LEASE.multipliedBy(4).toSeconds(), 100);
        lab.signal("stop", 2, "clustermesh-apiserver", "apiserver");
        MeshLab.await("the peer to be stale", () -> peer(lab).contains("\"state\":\"Stale\""));
        assertThat(peer(lab)).contains("\"staleSince\":");
        lab.signal("stop", 1, "clustermesh-apiserver", "apiserver");
        try {
            expectNothingLost(load);
        } finally {
            MeshLab.CLUSTERS.forEach(cluster -> lab.signal("continue", cluster, "clustermesh-apiserver", "apiserver"));
        }
        MeshLab.await("the peer to be fresh", () -> peer(lab).contains("\"state\":\"Fresh\""));
    }

    private static void upgrade(MeshLab lab, String... settings) {
        var load = lab.shop.startLoadUntilAsked(1, 100);
        MeshLab.inEach(MeshLab.CLUSTERS, cluster -> {
            var words = new ArrayList<>(List.of("upgrade", "--context", "cluster" + cluster));
            for (String setting : settings) {
                words.addAll(List.of("--set", setting));
            }
            lab.programs.tombolo(words.toArray(String[]::new));
        });
        lab.expectWhole();
        expectNothingLost(load);
    }

    private static void expectNothingLost(Programs.Running load) {
        LoadResult result = Shop.result(load);
        assertThat(result.ok()).isEqualTo(result.sent()).isPositive();
        assertThat(result.byCluster()).hasSize(2);
    }

    private static String peer(MeshLab lab) {
        return lab.get(1, "meshpeer", "cluster2").path("status").toString();
    }

    private static String service(int number) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: full-%d
                  namespace: shop
                  labels: {scenario: full}
                  annotations: {service.cilium.io/global: "true"}
                spec: {selector: {app: echo}, ports: [{name: http, port: 80, targetPort: 8080}]}
                """.formatted(number);
    }
}
