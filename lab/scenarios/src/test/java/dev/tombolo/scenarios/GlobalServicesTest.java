package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.lab.programs.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the annotations of a Service mean, as its clients see it. */
@ExtendWith(InMeshLab.class)
class GlobalServicesTest {
    private static final Set<String> NOBODY = Set.of();
    private static final Set<String> FIRST = Set.of("cluster1");
    private static final Set<String> SECOND = Set.of("cluster2");
    private static final Set<String> BOTH = Set.of("cluster1", "cluster2");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Prints, for each service, the load generator's summary behind the service's name. */
    private static final String ASK_EACH = """
            for each in "$@"; do
              udp=; case $each in datagrams*) udp=--udp;; esac
              printf '%s ' "$each"
              lab-load --url "http://$each/" --requests 24 --concurrency 2 --timeout-ms 1000 $udp || true
            done
            """;

    @BeforeAll
    static void apply(MeshLab lab) {
        MeshLab.CLUSTERS.forEach(cluster -> lab.programs.apply(cluster, manifest(cluster)));
        for (int cluster : MeshLab.CLUSTERS) {
            lab.programs.kubectl(
                    cluster,
                    "-n",
                    "fruit",
                    "wait",
                    "--for=condition=Available",
                    "deployment",
                    "--all",
                    "--timeout=60s");
            lab.programs.kubectl(
                    cluster, "-n", "home", "wait", "--for=condition=Available", "deployment", "--all", "--timeout=60s");
        }
    }

    @AfterAll
    static void remove(MeshLab lab) {
        MeshLab.CLUSTERS.forEach(
                cluster -> lab.programs.kubectl(cluster, "delete", "namespace", "fruit", "home", "--timeout=60s"));
    }

    @Test
    void joinsBackendsByPortNameAsTheAnnotationsSay(MeshLab lab) {
        var first = Map.ofEntries(
                // cluster2 has it at another port, and at another port of its pods.
                Map.entry("merged.fruit", BOTH),
                Map.entry("merged.fruit.svc.cluster.local", BOTH),
                Map.entry("datagrams.fruit", BOTH),
                Map.entry("other-port-name.fruit", FIRST),
                Map.entry("shared-by-one.fruit", FIRST),
                Map.entry("none.fruit", BOTH),
                Map.entry("local.fruit", FIRST),
                Map.entry("remote.fruit", SECOND),
                Map.entry("drained.fruit", SECOND),
                Map.entry("headless.fruit:8080", FIRST),
                Map.entry("global-mistyped.fruit", FIRST),
                Map.entry("affinity-mistyped.fruit", BOTH),
                Map.entry("kept.home", FIRST));
        expectAnswers(lab, 1, "client", first);
        expectAnswers(lab, 1, "host-client", first);
        expectAnswers(
                lab,
                2,
                "client",
                Map.of(
                        "merged.fruit:8000", BOTH,
                        "shared-by-one.fruit", BOTH,
                        "local.fruit", SECOND,
                        "remote.fruit", FIRST,
                        "kept.home", SECOND));
    }

    @Test
    void affinityFailsOverAndBack(MeshLab lab) {
        scale(lab, 1, 0);
        expectAnswers(lab, 1, "client", services(SECOND, SECOND, SECOND));
        scale(lab, 1, 1);
        expectAnswers(lab, 1, "client", services(FIRST, SECOND, BOTH));
        scale(lab, 2, 0);
        expectAnswers(lab, 1, "client", services(FIRST, FIRST, FIRST));
        scale(lab, 1, 0);
        expectAnswers(lab, 1, "client", services(NOBODY, NOBODY, NOBODY));
        MeshLab.CLUSTERS.forEach(cluster -> scale(lab, cluster, 1));
        expectAnswers(lab, 1, "client", services(FIRST, SECOND, BOTH));
    }

    @Test
    void aBadAnnotationIsShownToWhoCanMendIt(MeshLab lab) {
        MeshLab.await("an Event", () -> {
            String events = lab.programs.kubectl(1, "-n", "fruit", "get", "events");
            return events.contains("service/global-mistyped") && events.contains("yes");
        });
        assertThat(lab.programs.tombolo("service", "list", "--context", "cluster1", "-n", "fruit"))
                .containsPattern("affinity-mistyped .*nearest.*local, remote or none")
                .containsPattern("global-mistyped .*yes.*true or false");
    }

    /** Pods that end go on with the connections they have, and get no new ones. */
    @Test
    void drainsBackendsThatEnd(MeshLab lab) {
        var before = pods(lab);
        var kept = load(lab, "--keepalive", "--rate", "40", "--concurrency", "16", "--duration", "15");
        MeshLab.await("the connections that are kept", () -> connections(lab) >= 16);
        var opened = load(lab, "--rate", "100", "--duration", "9");
        // Takes as long to start as the other did.
        load(lab, "--requests", "40").join().expectSuccess();
        for (int cluster : MeshLab.CLUSTERS) {
            lab.programs.kubectl(cluster, "-n", "fruit", "rollout", "restart", "deployment/slow");
        }
        for (int cluster : MeshLab.CLUSTERS) {
            lab.programs.kubectl(cluster, "-n", "fruit", "rollout", "status", "deployment/slow", "--timeout=60s");
        }
        var fresh = new HashSet<>(pods(lab));
        fresh.removeAll(before);
        MeshLab.await(
                "only new pods to be chosen",
                () -> fresh.containsAll(
                        LoadResult.parse(load(lab, "--requests", "40").join().output())
                                .byPod()
                                .keySet()));
        var keptResult = LoadResult.parse(kept.join().output());
        assertThat(keptResult.ok()).isEqualTo(keptResult.sent()).isPositive();
        assertThat(keptResult.byPod().keySet()).isEqualTo(before);
        var openedResult = LoadResult.parse(opened.join().output());
        assertThat(openedResult.ok()).isEqualTo(openedResult.sent()).isPositive();
        assertThat(openedResult.byPod().keySet()).containsAll(fresh);
    }

    /** Pods of the draining service that are not on their way out, as the load generator names them. */
    private static Set<String> pods(MeshLab lab) {
        var names = new HashSet<String>();
        for (int cluster : MeshLab.CLUSTERS) {
            for (var pod :
                    lab.get(cluster, "-n", "fruit", "pods", "-l", "app=slow").path("items")) {
                if (!pod.path("metadata").has("deletionTimestamp")) {
                    names.add(
                            "cluster" + cluster + "/" + pod.at("/metadata/name").asText());
                }
            }
        }
        return names;
    }

    private static long connections(MeshLab lab) {
        return lab.programs
                .startInPod(1, "fruit", "deploy/client", "ss", "-Htn", "state", "established")
                .join()
                .expectSuccess()
                .lines()
                .count();
    }

    private static Programs.Running load(MeshLab lab, String... options) {
        var words = new java.util.ArrayList<>(List.of("lab-load", "--url", "http://slow.fruit/"));
        words.addAll(List.of(options));
        return lab.programs.startInPod(1, "fruit", "deploy/client", words.toArray(String[]::new));
    }

    private static void scale(MeshLab lab, int cluster, int replicas) {
        lab.programs.kubectl(cluster, "-n", "fruit", "scale", "deployment/fruit", "--replicas=" + replicas);
    }

    private static Map<String, Set<String>> services(Set<String> local, Set<String> remote, Set<String> none) {
        // Of drained.fruit the first cluster has weight 0: there is nothing for it while the other has backends.
        return Map.of("local.fruit", local, "remote.fruit", remote, "drained.fruit", remote, "none.fruit", none);
    }

    private static void expectAnswers(MeshLab lab, int cluster, String client, Map<String, Set<String>> expected) {
        Awaitility.await(client + " of cluster" + cluster)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(answers(lab, cluster, client, expected.keySet()))
                        .isEqualTo(expected));
    }

    /** The clusters that answer each service; a service that loses a request shows it. */
    private static Map<String, Set<String>> answers(MeshLab lab, int cluster, String client, Set<String> services) {
        var words = new java.util.ArrayList<>(List.of("sh", "-c", ASK_EACH, "sh"));
        words.addAll(services);
        var answers = new TreeMap<String, Set<String>>();
        lab.programs
                .startInPod(cluster, "fruit", "deploy/" + client, words.toArray(String[]::new))
                .join()
                .expectSuccess()
                .lines()
                .forEach(line -> {
                    var result = LoadResult.parse(line.substring(line.indexOf('{')));
                    var clusters = new HashSet<>(result.byCluster().keySet());
                    if (result.ok() > 0 && result.ok() < result.sent()) {
                        clusters.add("lost " + (result.sent() - result.ok()));
                    }
                    answers.put(line.substring(0, line.indexOf(' ')), clusters);
                });
        return answers;
    }

    private static String manifest(int cluster) {
        try (InputStream in = GlobalServicesTest.class.getResourceAsStream("services.yaml")) {
            boolean first = cluster == 1;
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("POD_PORT", first ? "8080" : "8081")
                    .replace("SERVICE_PORT", first ? "80" : "8000")
                    .replace("PORT_NAME", first ? "http" : "web")
                    .replace("SHARED", first ? "true" : "false");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
