package dev.tombolo.apiserver.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotationReportsTest {
    private final Table<String, KubeNamespace> namespaces = new Table<>("namespaces");
    private final List<String> told = new ArrayList<>();
    private final AnnotationReports<String, KubeNamespace> reports = new AnnotationReports<>(
            namespaces,
            namespace -> GlobalNamespaces.check(namespace.name(), namespace.annotations()),
            (on, message) -> told.add(on.name() + ": " + message));

    @Test
    void aNamespacesOwnerIsToldOnceForEachValueThatIsNotUnderstood() throws IOException {
        String refused = "Namespace shop annotation clustermesh.cilium.io/global: read %s, expected true or false";
        say("true");
        say("yes");
        say("yes");
        say("no");
        assertThat(told).containsExactly("shop: " + refused.formatted("yes"), "shop: " + refused.formatted("no"));
        say("false");
        say("no");
        assertThat(told).hasSize(3);
    }

    private void say(String word) throws IOException {
        namespaces.put("shop", new KubeNamespace("shop", Map.of(), Map.of(GlobalNamespaces.ANNOTATION, word)));
        reports.pass();
    }
}
