package dev.tombolo.kube.write;

import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Writes annotations of Nodes and touches nothing else of them. */
public final class NodeFacts {
    private final KubernetesClient client;

    NodeFacts(KubernetesClient client) {
        this.client = client;
    }

    /** Asks the API server itself: who follows Nodes hears of a new one late. */
    public boolean exists(String node) throws IOException {
        return KubeCall.call(
                        "reading Node " + node,
                        () -> client.nodes().withName(node).get())
                != null;
    }

    public void annotate(String node, Map<String, String> annotations) throws IOException {
        change(node, new HashMap<>(annotations));
    }

    /** Takes annotations away; absent ones are fine. */
    public void clear(String node, Set<String> annotations) throws IOException {
        var gone = new HashMap<String, String>();
        annotations.forEach(name -> gone.put(name, null));
        change(node, gone);
    }

    private void change(String node, Map<String, String> annotations) throws IOException {
        String patch = json(annotations);
        KubeCall.call(
                "annotation of Node " + node,
                () -> client.nodes().withName(node).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }

    private static String json(Map<String, String> annotations) {
        return JsonText.of(Map.of("metadata", Map.of("annotations", annotations)));
    }
}
