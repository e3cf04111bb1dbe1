package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.Outcome;
import dev.tombolo.lab.programs.Shop;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A lab of three clusters of one node, and what a user does with them from cluster1. */
final class ThreeClusters implements AutoCloseable {
    final MeshLab lab = MeshLab.bare("j" + ProcessHandle.current().pid(), 3, 1);

    Outcome install(int cluster, int id) {
        String context = "cluster" + cluster;
        return lab.programs.attempt(
                "install", "--context", context, "--set", "cluster.name=" + context, "--set", "cluster.id=" + id);
    }

    void enable(int cluster) {
        lab.programs.tombolo("clustermesh", "enable", "--context", "cluster" + cluster);
    }

    Outcome connect(String destinations, String... more) {
        var words = new ArrayList<>(
                List.of("clustermesh", "connect", "--context", "cluster1", "--destination-context", destinations));
        words.addAll(List.of(more));
        return lab.programs.attempt(words.toArray(String[]::new));
    }

    static void expectRefusal(Outcome outcome, String... said) {
        assertThat(outcome.output()).contains(said);
        assertThat(outcome.code()).isEqualTo(1);
    }

    List<String> peers(int cluster) {
        return lab.get(cluster, "meshpeers").path("items").findValues("metadata").stream()
                .map(metadata -> metadata.path("name").asText())
                .toList();
    }

    void expectAnswers(int cluster, String... from) {
        MeshLab.await("answers in cluster" + cluster + " from " + List.of(from), () -> {
            var answers = lab.shop.ask(cluster, 60, Shop.URL);
            return answers.ok() == answers.sent()
                    && answers.byCluster().keySet().equals(Set.of(from));
        });
    }

    @Override
    public void close() {
        lab.close();
    }
}
