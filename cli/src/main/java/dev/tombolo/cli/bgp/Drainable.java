package dev.tombolo.cli.bgp;

import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.bgp.BgpClusterConfigReading;
import dev.tombolo.model.bgp.BgpDrain;
import java.util.Map;
import java.util.Optional;

/**
 * What carries the annotation that asks for a drain.
 *
 * @param drain what it asks for now
 */
record Drainable(Kind kind, String name, Optional<BgpDrain> drain) {
    enum Kind {
        NODE("Node"),
        CLUSTER_CONFIG(BgpClusterConfigReading.KIND);

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    static Drainable of(KubeNode node) {
        return new Drainable(Kind.NODE, node.name(), drain(node.annotations()));
    }

    static Drainable of(BgpClusterConfigObject config) {
        return new Drainable(
                Kind.CLUSTER_CONFIG, config.head().name(), drain(config.head().annotations()));
    }

    private static Optional<BgpDrain> drain(Map<String, String> annotations) {
        return Optional.ofNullable(annotations.get(BgpDrain.ANNOTATION)).map(BgpDrain::parse);
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
