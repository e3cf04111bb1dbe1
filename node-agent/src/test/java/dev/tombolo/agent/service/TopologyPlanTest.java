package dev.tombolo.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.node.OwnNodePlan;
import dev.tombolo.agent.service.TopologyPlan.Place;
import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeEndpointSlice.Hints;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** kube-proxy's rules. Endpoints are written as a number with the zones (z…) and nodes (n…) they are meant for. */
class TopologyPlanTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no hints                  | n1 | za | 1 2                  | 1 2
            those of the zone         | n1 | za | 1,za 2,zb 3,za,zb    | 1 3
            one has no hint           | n1 | za | 1,za 2,zb 3          | 1 2 3
            none is for the zone      | n1 | zc | 1,za 2,zb            | 1 2
            the zone is not known     | n1 |    | 1,za 2,zb            | 1 2
            those of the node         | n1 | za | 1,za,n1 2,za,n2      | 1
            none is for the node      | n3 | za | 1,za,n1 2,za,n2 3,zb,n4 | 1 2
            one has no hint of a node | n1 | za | 1,za,n1 2,za 3,zb,n3 | 1 2
            nodes alone, none fits    | n3 | za | 1,n1 2,n2            | 1 2
            nobody is ready           | n1 | za |                      |
            """)
    void nearby(String rule, String node, String zone, String endpoints, String chosen) {
        var ready = endpoints == null
                ? List.<Place>of()
                : Arrays.stream(endpoints.split(" "))
                        .map(TopologyPlanTest::place)
                        .toList();
        String numbers = TopologyPlan.nearby(ready, node, zone == null ? "" : zone).stream()
                .map(place -> Integer.toString(place.endpoint().address().v4Bits() & 0xFF))
                .collect(Collectors.joining(" "));
        assertThat(numbers).isEqualTo(chosen == null ? "" : chosen);
    }

    @Test
    void theZoneIsWhatTheNodeSays() {
        assertThat(OwnNodePlan.zone(node(Map.of("topology.kubernetes.io/zone", "za"))))
                .isEqualTo(Map.of("n1", "za"));
        assertThat(OwnNodePlan.zone(node(Map.of()))).isEmpty();
        assertThat(OwnNodePlan.zone(Optional.empty())).isEmpty();
    }

    private static Optional<KubeNode> node(Map<String, String> labels) {
        return Optional.of(new KubeNode("n1", "", labels, Map.of(), List.of(), List.of(), List.of(), true, "", false));
    }

    private static Place place(String text) {
        var words = List.of(text.split(","));
        var address = IpAddress.parse("10.1.0." + words.getFirst());
        var hints = new Hints(starting(words, "z"), starting(words, "n"));
        return new Place(new Endpoint(address, true, true, false, "", "", "", "", hints), 8080);
    }

    private static Set<String> starting(List<String> words, String letter) {
        return words.stream().filter(word -> word.startsWith(letter)).collect(Collectors.toSet());
    }
}
