package dev.tombolo.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.cluster.ClusterName;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAnnotationsTest {
    private static final ServiceName WEB = new ServiceName("shop", "web");

    @ParameterizedTest
    @CsvSource(textBlock = """
                    # global, shared, affinity, is global, is shared, affinity, refused values
                    ,       ,       ,        false, false, NONE,   0
                    true,   ,       ,        true,  true,  NONE,   0
                    TRUE,   ,       ,        true,  true,  NONE,   0
                    true,   false,  ,        true,  false, NONE,   0
                    ,       true,   ,        false, false, NONE,   0
                    true,   ,       local,   true,  true,  LOCAL,  0
                    true,   ,       remote,  true,  true,  REMOTE, 0
                    true,   ,       none,    true,  true,  NONE,   0
                    true,   ,       Nearest, true,  true,  NONE,   1
                    yes,    maybe,  x,       false, false, NONE,   3
                    """)
    void readsTheThreeAnnotations(
            String global,
            String shared,
            String affinity,
            boolean isGlobal,
            boolean isShared,
            Affinity is,
            int refused) {
        var annotations = new java.util.HashMap<String, String>();
        put(annotations, ServiceAnnotations.GLOBAL, global);
        put(annotations, ServiceAnnotations.SHARED, shared);
        put(annotations, ServiceAnnotations.AFFINITY, affinity);
        var parsed = ServiceAnnotations.parse(WEB, annotations);
        assertThat(parsed)
                .isEqualTo(new ServiceAnnotations(
                        isGlobal, isShared, is, Optional.empty(), ClusterWeights.NONE, parsed.invalid()));
        assertThat(parsed.invalid()).hasSize(refused);
    }

    @ParameterizedTest
    @CsvSource({"dsr, DSR, 0", "SNAT, SNAT, 0", "hybrid, HYBRID, 0", "direct, , 1", ", , 0"})
    void aServiceMaySayHowItsBackendsAreReached(String value, ForwardingMode mode, int refused) {
        var annotations = new java.util.HashMap<String, String>();
        put(annotations, ServiceAnnotations.FORWARDING, value);
        var parsed = ServiceAnnotations.parse(WEB, Map.copyOf(annotations));
        assertThat(parsed.forwarding()).isEqualTo(Optional.ofNullable(mode));
        assertThat(parsed.invalid()).hasSize(refused);
    }

    @Test
    void understandsTheOldNames() {
        var parsed = ServiceAnnotations.parse(
                WEB, Map.of("io.cilium/global-service", "true", "io.cilium/service-affinity", "local"));
        assertThat(parsed)
                .isEqualTo(new ServiceAnnotations(
                        true, true, Affinity.LOCAL, Optional.empty(), ClusterWeights.NONE, java.util.List.of()));
    }

    @Test
    void saysWhatWasReadAndWhatWasExpected() {
        var parsed = ServiceAnnotations.parse(WEB, Map.of(ServiceAnnotations.AFFINITY, "nearest"));
        assertThat(parsed.invalid().getFirst())
                .hasToString(
                        "Service shop/web annotation service.cilium.io/affinity: read nearest, expected local, remote or none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"west=80,east=20", " west = 80 , east = 20 ", "West=80,EAST=020"})
    void readsWeightsOfClusters(String text) {
        var parsed = ServiceAnnotations.parse(WEB, Map.of(ClusterWeights.ANNOTATION, text));
        assertThat(parsed.invalid()).isEmpty();
        assertThat(parsed.weights().of(new ClusterName("west"))).isEqualTo(80);
        assertThat(parsed.weights().of(new ClusterName("east"))).isEqualTo(20);
        assertThat(parsed.weights().of(new ClusterName("north"))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "west",
                "west=",
                "=80",
                "west=80,",
                "west=80,west=20",
                "west=-1",
                "west=1001",
                "west=5%",
                "west=80 east=20",
                "we st=1",
                "west=1=2",
                "west=99999999999999999999"
            })
    void weightsThatAreNotUnderstoodCountAsAbsent(String text) {
        var parsed = ServiceAnnotations.parse(WEB, Map.of(ClusterWeights.ANNOTATION, text));
        assertThat(parsed.weights()).isEqualTo(ClusterWeights.NONE);
        assertThat(parsed.invalid().getFirst())
                .hasToString("Service shop/web annotation service.tombolo.dev/cluster-weights: read " + text
                        + ", expected names of clusters, each once, with whole numbers from 0 to 1000, such as"
                        + " west=80,east=20");
    }

    private static void put(Map<String, String> annotations, String name, String value) {
        if (value != null) {
            annotations.put(name, value);
        }
    }
}
