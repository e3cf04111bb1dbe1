package dev.tombolo.model.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private final KnownKeys keys = new KnownKeys(Set.of("tombolo.cluster.name", "tombolo.cluster.id"));

    @Test
    void everyUnknownKeyIsNamedWithTheNearestOne() {
        assertThat(keys.unknown(List.of("tombolo.cluster.nmae", "tombolo.cluster.id", "tombolo.clutser.id")))
                .extracting(Object::toString)
                .containsExactly(
                        "configuration: read tombolo.cluster.nmae, expected perhaps tombolo.cluster.name",
                        "configuration: read tombolo.clutser.id, expected perhaps tombolo.cluster.id");
    }
}
