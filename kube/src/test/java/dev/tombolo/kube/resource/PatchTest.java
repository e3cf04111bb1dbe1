package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PatchTest {
    @Test
    void aStatusPatchHoldsWhatDiffersAndNullsWhatMustGo() {
        var current = Map.of("a", 1, "gone", "x", "inner", Map.of("same", 1, "gone", 2), "list", List.of(1, 2));
        var desired = Map.of("a", 2, "inner", Map.of("same", 1, "fresh", 3), "list", List.of(1, 2));
        var inner = new HashMap<String, Object>();
        inner.put("gone", null);
        inner.put("fresh", 3);
        var patch = new HashMap<String, Object>();
        patch.put("gone", null);
        patch.put("a", 2);
        patch.put("inner", inner);
        assertThat(MergePatch.between(current, desired)).isEqualTo(patch);
    }

    @Test
    void nothingIsSentWhenNothingDiffers() {
        var status = Map.of("counts", Map.of("nodes", 1L), "list", List.of(Map.of("n", 1L)));
        var parsed = Map.of("counts", Map.of("nodes", 1), "list", List.of(Map.of("n", 1)));
        assertThat(MergePatch.between(parsed, status)).isEmpty();
    }

    @Test
    void aManifestLeavesAloneWhatItDoesNotName() {
        var live = Map.of(
                "metadata",
                Map.of("uid", "u", "labels", Map.of("mine", "1", "theirs", "2")),
                "spec",
                Map.of("ports", List.of(Map.of("port", 80, "protocol", "TCP")), "clusterIP", "10.96.0.1"));
        var manifest = Map.of(
                "metadata",
                Map.of("labels", Map.of("mine", "1")),
                "spec",
                Map.of("ports", List.of(Map.of("port", 80))));
        assertThat(ManifestDifference.of(live, manifest)).isEmpty();
    }

    @Test
    void aListThatDiffersIsReplacedWhole() {
        var live = Map.of("rules", List.of(Map.of("verbs", List.of("get"))));
        var manifest = Map.of("rules", List.of(Map.of("verbs", List.of("get", "list"))));
        assertThat(ManifestDifference.of(live, manifest)).isEqualTo(manifest);
    }

    @Test
    void whatServersLeaveOutIsNoDifference() {
        assertThat(ManifestDifference.of(Map.of(), Map.of("status", Map.of(), "on", false, "list", List.of())))
                .isEmpty();
    }
}
